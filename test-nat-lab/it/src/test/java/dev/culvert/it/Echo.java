package dev.culvert.it;

import dev.culvert.lab.LabException;
import dev.culvert.lab.LabHost;
import dev.culvert.lab.LabProcess;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** A UDP socket of socat's that asks a server of socat's, again and again, whom it sees. */
final class Echo implements AutoCloseable {
  private static final int PORT = 7000;

  private final LabProcess client;
  private int questions;

  private Echo(LabProcess client) {
    this.client = client;
  }

  /** A server on a host that tells everybody the endpoint that it sees. */
  static LabProcess serve(LabHost server) throws Exception {
    LabProcess process =
        server.start(
            "socat",
            "UDP4-RECVFROM:" + PORT + ",fork,reuseaddr",
            "SYSTEM:read question; echo $question $SOCAT_PEERADDR $SOCAT_PEERPORT");
    Eventually.until(
        "socat listens",
        Limits.PROMPT,
        () -> server.run(Limits.PROMPT, "ss", "-lunH").output().contains(":" + PORT));
    return process;
  }

  /** A socket on a host, from a port of its own, to a server by name. */
  static Echo from(LabHost host, int port, String server) throws Exception {
    return new Echo(
        host.start("socat", "-", "UDP4:" + server + ":" + PORT + ",sourceport=" + port));
  }

  /** The address and the port that the server sees now; it is asked again until it answers. */
  List<String> seen() throws Exception {
    String question = "q" + ++questions + " ";
    for (int again = 0; ; again++) {
      client.input().write((question + "\n").getBytes(StandardCharsets.UTF_8));
      client.input().flush();
      try {
        String said =
            client.await(
                output -> output.lines().anyMatch(line -> line.startsWith(question)),
                Duration.ofSeconds(1));
        String answer =
            said.lines().filter(line -> line.startsWith(question)).findFirst().orElseThrow();
        return List.of(answer.strip().split(" ", -1)).subList(1, 3);
      } catch (LabException e) {
        if (again == 20) {
          throw e;
        }
      }
    }
  }

  @Override
  public void close() {
    client.close();
  }
}

package dev.culvert.bench.meet;

import dev.culvert.identity.PeerCertificates;
import dev.culvert.identity.SealingKey;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.ServerIdentity;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.transport.MachineDriver;
import dev.culvert.transport.NetworkRuntime;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The peers of a {@link MeetNode}. Started by {@code tools/bench/meet-load} with the node's port,
 * the number of its addresses and the seconds within which peers come back that lost it. Each line
 * of its standard input is a task, and is answered by a line of JSON: {@code leave COUNT AT-ONCE},
 * {@code join COUNT AT-ONCE}, {@code signal SECONDS AT-ONCE}, {@code register SECONDS AT-ONCE},
 * {@code gather}.
 */
public final class MeetCrowd {
  private MeetCrowd() {}

  /** Runs until its input ends. */
  public static void main(String[] arguments) throws Exception {
    SecureRandom random = new SecureRandom();
    int port = Integer.parseInt(arguments[0]);
    List<TransportAddress> nodes = new ArrayList<>();
    for (int host = 1; host <= Integer.parseInt(arguments[1]); host++) {
      nodes.add(new TransportAddress(IpLiterals.parse("127.0.0." + host).orElseThrow(), port));
    }
    Bytes pin =
        PeerCertificates.selfMade(Bench.NODE, Instant.now(), Instant.now().plusSeconds(9), random)
            .pin()
            .sha256();
    Crowd crowd =
        new Crowd(
            nodes,
            new ServerIdentity.PinnedKey(pin),
            SealingKey.generate(random).publicKey(),
            NetworkRuntime.now());
    BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    NetworkRuntime runtime = NetworkRuntime.create();
    MachineDriver<String> driver = runtime.drive(crowd, answers::add);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ", -1);
      driver.execute(now -> begin(crowd, words, now));
      System.out.println(answers.take());
    }
    System.exit(0);
  }

  private static void begin(Crowd crowd, String[] words, MonotonicTime now) {
    switch (words[0]) {
      case "leave", "join" ->
          crowd.join(
              Integer.parseInt(words[1]),
              Integer.parseInt(words[2]),
              words[0].equals("leave"),
              now);
      case "gather" -> crowd.gather(now);
      default ->
          crowd.ask(
              words[0],
              Duration.ofMillis(Math.round(Double.parseDouble(words[1]) * 1000)),
              Integer.parseInt(words[2]),
              now);
    }
  }
}

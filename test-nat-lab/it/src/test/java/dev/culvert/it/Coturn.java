package dev.culvert.it;

import dev.culvert.lab.LabHost;
import dev.culvert.lab.LabProcess;
import dev.culvert.sansio.IpLiterals;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * coturn's STUN server on all addresses of a host; with two of a family it answers RFC 5780 on
 * ports 3478 and 3479.
 */
final class Coturn implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final LabProcess process;

  private Coturn(LabProcess process) {
    this.process = process;
  }

  /** Starts it and waits until it listens everywhere. */
  static Coturn on(LabHost host) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                "turnserver",
                "-n",
                "--stun-only",
                "--no-cli",
                "--no-tls",
                "--no-dtls",
                "--log-file=stdout",
                "--pidfile=/run/turnserver.pid",
                "--userdb=/run/turndb"));
    // Newer releases want to be asked for RFC 5780; older ones offer it even where their only
    // other address differs in its port alone.
    String wanted = host.ipv4().size() > 1 ? " --rfc5780" : " --no-rfc5780";
    if (host.run(LIMIT, "turnserver", "-h").output().contains(wanted)) {
      command.add(wanted.strip());
    }
    for (InetAddress address : host.addresses()) {
      command.add("-L");
      command.add(IpLiterals.format(address, false));
    }
    LabProcess process = host.start(command);
    int ports = host.ipv4().size() > 1 ? 2 : 1;
    Eventually.until(
        "coturn listens on " + host.name(),
        LIMIT,
        () -> {
          List<String> sockets = host.run(LIMIT, "ss", "-lunH").lines();
          return host.addresses().stream()
              .map(address -> IpLiterals.format(address, true))
              .allMatch(
                  ip ->
                      sockets.stream()
                              .filter(line -> line.contains(" " + ip + ":347"))
                              .map(line -> line.replaceFirst(".*:(347[89]).*", "$1"))
                              .distinct()
                              .count()
                          >= ports);
        });
    return new Coturn(process);
  }

  @Override
  public void close() {
    process.close();
  }
}

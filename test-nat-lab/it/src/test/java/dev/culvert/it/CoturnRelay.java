package dev.culvert.it;

import dev.culvert.lab.LabHost;
import dev.culvert.lab.LabProcess;
import dev.culvert.sansio.IpLiterals;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * coturn's relay on all addresses of a host: over UDP and TCP on port 3478, over TLS and DTLS on
 * port 5349.
 */
final class CoturnRelay implements AutoCloseable {
  static final int TLS_PORT = 5349;

  private final LabProcess process;

  private CoturnRelay(LabProcess process) {
    this.process = process;
  }

  /**
   * Starts it and waits until it listens.
   *
   * @param options besides those that say where it listens, among them who may use it
   */
  static CoturnRelay on(LabHost host, RelayKey key, String... options) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                "turnserver",
                "-n",
                "--lt-cred-mech",
                "--realm=lab.invalid",
                "--no-cli",
                "--log-file=stdout",
                "--pidfile=/run/turnserver-" + host.name() + ".pid",
                "--userdb=/run/turndb-" + host.name(),
                "--cert=" + key.certificate(),
                "--pkey=" + key.key()));
    command.addAll(List.of(options));
    for (InetAddress address : host.addresses()) {
      command.add("-L");
      command.add(IpLiterals.format(address, false));
    }
    CoturnRelay relay = new CoturnRelay(host.start(command));
    for (String sockets : List.of("-ltnH", "-lunH")) {
      Eventually.until(
          "coturn listens on " + host.name() + ": " + relay.process.output(),
          Limits.PROMPT,
          () -> {
            String text = host.run(Limits.PROMPT, "ss", sockets).output();
            return host.addresses().stream()
                .map(address -> IpLiterals.format(address, true))
                .allMatch(ip -> text.contains(ip + ":3478 ") && text.contains(ip + ":5349 "));
          });
    }
    return relay;
  }

  String output() {
    return process.output();
  }

  @Override
  public void close() {
    process.close();
  }
}

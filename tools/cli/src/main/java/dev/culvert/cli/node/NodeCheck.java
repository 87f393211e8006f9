package dev.culvert.cli.node;

import dev.culvert.cli.Console;
import dev.culvert.cli.Fault;
import dev.culvert.cli.Streams;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.transport.server.StunListener;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks at a plan for what only the start of its node, or time, would show. Opens no socket. */
final class NodeCheck {
  /** As long before its end as most renew a certificate of 90 days. */
  private static final Duration SOON = Duration.ofDays(21);

  private static final String WARNING = "warning: ";
  private static final String SECRET_MADE = "relay auth-secret=";

  private final HostRules host;
  private final List<InetAddress> machine;
  private final List<String> warnings = new ArrayList<>();

  /**
   * A check.
   *
   * @param machine all addresses of this machine's interfaces; none if they cannot be told
   */
  NodeCheck(HostRules host, List<InetAddress> machine) {
    this.host = host;
    this.machine = machine;
  }

  /**
   * Makes the plan and looks at it.
   *
   * @return what may surprise whoever starts the node
   * @throws Fault if it would not start
   */
  static List<String> of(NodeSettings settings, Console console) {
    NodeCheck check = new NodeCheck(HostRules.ofThisMachine(), NodeSettings.machineAddresses());
    StringWriter said = new StringWriter();
    PrintWriter writer = new PrintWriter(said);
    // A plan speaks of what it makes, such as a secret, as if the node ran now.
    Console aside =
        new Console(new Streams(writer, writer, false, false, true, console.environment()));
    NodePlan plan = settings.plan(aside);
    said.toString().lines().forEach(check::heard);
    try {
      check.listeners(plan.server().listeners());
    } catch (Fault e) {
      throw settings.located(e);
    }
    Optional.ofNullable(settings.options().certificate)
        .ifPresent(
            file ->
                plan.identity()
                    .ifPresent(own -> check.certificate(file, own.certificate(), Instant.now())));
    return List.copyOf(check.warnings);
  }

  private void heard(String line) {
    if (line.startsWith(WARNING)) {
      warnings.add(line.substring(WARNING.length()));
    } else if (line.startsWith(SECRET_MADE)) {
      warnings.add(
          "--relay without users and secrets makes a new secret at each start; --auth-secret-file"
              + " keeps one");
    }
  }

  /** Refuses addresses that this machine has not, and tells of ports that need a right. */
  void listeners(List<StunListener> listeners) {
    Attempts attempts = new Attempts();
    for (StunListener listener : listeners) {
      attempts.of(() -> address(flag(listener), listener.address()), Optional.empty());
      listener
          .alternate()
          .ifPresent(second -> attempts.of(() -> address("--alternate", second), Optional.empty()));
    }
    attempts.finish();
  }

  private static String flag(StunListener listener) {
    if (listener.transports().contains(Transport.TLS)) {
      return "--tls-listen";
    }
    return listener.transports().contains(Transport.DTLS) ? "--dtls-listen" : "--listen";
  }

  private Optional<TransportAddress> address(String flag, TransportAddress address) {
    InetAddress ip = address.ip();
    boolean ours =
        machine.isEmpty()
            || host.bindsForeignAddresses()
            || ip.isAnyLocalAddress()
            || ip.isLoopbackAddress()
            || machine.contains(ip);
    if (!ours) {
      throw Fault.usage(
          flag
              + " "
              + address
              + ": no interface of this machine has "
              + IpLiterals.format(ip, false),
          "name an address of this machine, or 0.0.0.0 or :: for all");
    }
    if (address.port() != 0 && address.port() < host.firstFreePort() && !host.mayBindAllPorts()) {
      warnings.add(
          flag
              + " "
              + address
              + ": ports below "
              + host.firstFreePort()
              + " need CAP_NET_BIND_SERVICE, which this user has not");
    }
    return Optional.of(address);
  }

  /** Tells of a certificate that clients refuse, or soon will. */
  void certificate(Path file, X509Certificate certificate, Instant now) {
    Instant end = certificate.getNotAfter().toInstant();
    Instant start = certificate.getNotBefore().toInstant();
    if (now.isAfter(end)) {
      warnings.add(
          "--cert " + file + " ended on " + day(end) + ", and clients refuse it; renew it");
    } else if (now.plus(SOON).isAfter(end)) {
      warnings.add("--cert " + file + " ends on " + day(end) + "; renew it");
    } else if (now.isBefore(start)) {
      warnings.add(
          "--cert " + file + " begins on " + day(start) + "; look at this machine's clock");
    }
  }

  List<String> warnings() {
    return List.copyOf(warnings);
  }

  private static LocalDate day(Instant instant) {
    return LocalDate.ofInstant(instant, ZoneOffset.UTC);
  }
}

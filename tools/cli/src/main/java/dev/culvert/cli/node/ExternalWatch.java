package dev.culvert.cli.node;

import dev.culvert.cli.Console;
import dev.culvert.cli.ExitCode;
import dev.culvert.cli.Fault;
import dev.culvert.cli.node.external.ExternalAddress;
import dev.culvert.cli.node.external.ExternalProbe;
import dev.culvert.cli.node.external.Reach;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.turn.server.RelayAddress;
import dev.culvert.turn.server.RelayResources;
import java.io.IOException;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Learns from a STUN server under which addresses a relay is seen, at first and again and again,
 * announces them where that was asked for, and tells what was proven. Safe for every thread.
 */
final class ExternalWatch implements AutoCloseable {
  private final ExternalCheck check;
  private final Relay relay;
  private final Console console;
  private final SecureRandom random = new SecureRandom();
  private final Map<InetAddress, String> told = new HashMap<>();
  private final ScheduledExecutorService executor =
      new ScheduledThreadPoolExecutor(
          1,
          task -> {
            Thread thread = new Thread(task, "culvert-external");
            thread.setDaemon(true);
            return thread;
          });

  ExternalWatch(ExternalCheck check, Relay relay, Console console) {
    this.check = check;
    this.relay = relay;
    this.console = console;
  }

  /**
   * Announces what the server sees, before the relay has clients.
   *
   * @throws Fault if an address that has to be known is not told
   */
  void begin() {
    for (RelayAddress address : relay.addresses()) {
      if (check.announces(address)) {
        Optional<TransportAddress> server = check.resolve(address.isIpv4());
        Optional<ExternalAddress> seen = server.flatMap(at -> ask(address, at));
        if (seen.isEmpty() && (address.isIpv4() || server.isPresent())) {
          throw new Fault(
              ExitCode.NO_NETWORK,
              "--external-ip auto: " + silence(server),
              "check --stun-server, or give the address as --external-ip PUBLIC");
        }
        seen.ifPresent(found -> announce(address, found));
      }
    }
  }

  private String silence(Optional<TransportAddress> server) {
    return server.isPresent()
        ? "the STUN server " + server.get() + " does not answer"
        : "the name of the STUN server, " + check.server().host() + ", leads nowhere";
  }

  /** Proves it, and goes on watching. */
  @SuppressWarnings("FutureReturnValueIgnored") // What fails is told.
  void start() {
    long every = check.every().toMillis();
    executor.scheduleWithFixedDelay(this::look, 0, every, TimeUnit.MILLISECONDS);
  }

  void look() {
    for (RelayAddress address : relay.addresses()) {
      check
          .resolve(address.isIpv4())
          .ifPresentOrElse(at -> look(address, at), () -> quiet(address));
    }
  }

  private void look(RelayAddress address, TransportAddress server) {
    Optional<ExternalAddress> seen = ask(address, server);
    if (seen.isEmpty()) {
      tell(
          address,
          "warning: "
              + silence(Optional.of(server))
              + "; clients are still told "
              + text(address.announced()));
      return;
    }
    ExternalAddress found = seen.get();
    if (check.announces(address)) {
      announce(address, found);
    } else if (!found.ip().equals(address.announced())) {
      tell(
          address,
          "warning: clients are told "
              + text(address.announced())
              + ", but "
              + server
              + " sees "
              + text(found.ip())
              + "; mend --external-ip");
      return;
    }
    tell(address, verdict(found, reach(address, server)));
  }

  private void quiet(RelayAddress address) {
    if (address.isIpv4() || !check.automatic()) {
      tell(address, "warning: " + silence(Optional.empty()));
    }
  }

  private ExternalProbe probe(RelayAddress address, TransportAddress server) {
    return new ExternalProbe(
        address.local(), relay.ports().first(), relay.ports().last(), server, random);
  }

  private Optional<ExternalAddress> ask(RelayAddress address, TransportAddress server) {
    try {
      return probe(address, server).address();
    } catch (IOException e) {
      // No route is as good as no answer.
      return Optional.empty();
    }
  }

  private Reach reach(RelayAddress address, TransportAddress server) {
    try {
      return probe(address, server).reach();
    } catch (IOException e) {
      return Reach.UNKNOWN;
    }
  }

  private void announce(RelayAddress address, ExternalAddress found) {
    if (found.ip().equals(address.announced())) {
      return;
    }
    RelayResources resources = relay.service().resources();
    resources.announce(new RelayAddress(address.local(), found.ip()));
    console.say(
        "external address of "
            + text(address.local())
            + ": "
            + text(found.ip())
            + ", seen by "
            + found.server()
            + (address.isTranslated() ? "; new allocations are told it from now on" : ""));
  }

  private String verdict(ExternalAddress found, Reach reach) {
    String ports = relay.ports().first() + "-" + relay.ports().last();
    String ip = text(found.local().ip());
    String who = found.isTranslated() ? "the NAT" : "the firewall";
    String next =
        switch (reach) {
          case REACHABLE -> "";
          case REACHABLE_AFTER_SENDING ->
              "; for peers that begin, forward UDP ports " + ports + " of " + who + " to " + ip;
          case FILTERED ->
              found.isTranslated()
                  ? "; forward UDP ports " + ports + " of the NAT to " + ip
                  : "; open UDP ports " + ports + " of " + ip + " in the firewall";
          case PORT_NOT_PRESERVED ->
              "; forward UDP ports " + ports + " of the NAT to the same ports of " + ip;
          case UNKNOWN -> "; a STUN server with RFC 5780 could tell";
        };
    boolean bad = reach == Reach.FILTERED || reach == Reach.PORT_NOT_PRESERVED;
    return (bad ? "warning: " : "") + "relay " + text(found.ip()) + ": " + reach + next;
  }

  private static String text(InetAddress ip) {
    return IpLiterals.format(ip, false);
  }

  /** Once, until there is something else to say. */
  private void tell(RelayAddress address, String line) {
    if (!line.equals(told.put(address.local(), line))) {
      if (line.startsWith("warning: ")) {
        console.tell(line);
      } else {
        console.say(line);
      }
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}

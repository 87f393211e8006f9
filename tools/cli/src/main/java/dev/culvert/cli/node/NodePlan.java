package dev.culvert.cli.node;

import dev.culvert.cli.Console;
import dev.culvert.cli.Fault;
import dev.culvert.cli.node.manage.ManagementPlan;
import dev.culvert.cli.node.rendezvous.RendezvousPlan;
import dev.culvert.identity.CertifiedKey;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.transport.server.ConnectionLimits;
import dev.culvert.transport.server.RateLimit;
import dev.culvert.transport.server.StunListener;
import dev.culvert.transport.server.StunServerConfig;
import dev.culvert.transport.server.TlsIdentity;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a node will do: every option understood and checked, nothing opened yet.
 *
 * @param server what is answered where, the relay included
 * @param identity what TLS and DTLS show; empty where neither is spoken
 * @param relay what is said of the relay
 * @param rendezvous what peers find; empty: they do not meet here
 * @param drain how long the node's end may take
 * @param page whether TLS listeners answer HTTP
 * @param files what is read again when files change
 * @param management where it is looked at; empty: nowhere
 */
record NodePlan(
    StunServerConfig server,
    Optional<CertifiedKey> identity,
    Optional<Relay> relay,
    Optional<RendezvousPlan> rendezvous,
    Duration drain,
    boolean page,
    List<Renewal> files,
    Optional<ManagementPlan> management) {

  /**
   * The plan that follows from the options.
   *
   * @param machine all addresses of this machine's interfaces
   * @param console is told what is made, and what is dangerous
   * @throws Fault if they make no sense, for all that do not
   */
  static NodePlan of(NodeOptions options, List<InetAddress> machine, Console console) {
    Attempts attempts = new Attempts();
    NodeListeners listeners =
        attempts.of(() -> NodeListeners.of(options, machine), NodeListeners.NONE);
    Optional<RendezvousPlan> rendezvous =
        attempts.of(() -> rendezvous(options, listeners, console), Optional.empty());
    Optional<CertifiedKey> identity =
        attempts.of(() -> identity(options, listeners, rendezvous, console), Optional.empty());
    RateLimit rate = attempts.of(options.limits::rate, RateLimit.STANDARD);
    ConnectionLimits connections =
        attempts.of(options.limits::connections, ConnectionLimits.STANDARD);
    int threads = attempts.of(() -> threads(options.threads), 1);
    Optional<Relay> relay =
        attempts.of(() -> relay(options, listeners, machine, console), Optional.empty());
    Optional<ManagementPlan> management =
        attempts.of(() -> ManagementPlan.of(options.management, console), Optional.empty());
    attempts.finish();
    StunServerConfig config =
        StunServerConfig.of(
                listeners.all(),
                identity.map(own -> new TlsIdentity(own.privateKey(), own.chain())))
            .withLimits(rate, connections)
            .withThreads(threads);
    return new NodePlan(
        relay.map(Relay::service).map(config::withRelay).orElse(config),
        identity,
        relay,
        rendezvous,
        Duration.ofSeconds(Math.max(0, options.drainSeconds)),
        options.tls.http && !listeners.tls().isEmpty(),
        files(options, identity, relay),
        management);
  }

  private static List<Renewal> files(
      NodeOptions options, Optional<CertifiedKey> identity, Optional<Relay> relay) {
    List<Renewal> all = new ArrayList<>();
    if (identity.isPresent() && options.certificate != null && options.key != null) {
      all.add(new CertificateFiles(options.certificate, options.key, identity.get()));
    }
    relay
        .map(Relay::credentials)
        .filter(credentials -> !credentials.files().isEmpty())
        .ifPresent(all::add);
    return List.copyOf(all);
  }

  /** Where a node listens nowhere, its listeners are at fault, and a relay's addresses are not. */
  private static Optional<Relay> relay(
      NodeOptions options, NodeListeners listeners, List<InetAddress> machine, Console console) {
    if (!options.relay.relay || listeners.all().isEmpty()) {
      return Optional.empty();
    }
    List<TransportAddress> listened = listeners.all().stream().map(StunListener::address).toList();
    return Optional.of(
        Relay.of(
            options.relay,
            options.relayLimits,
            options.rendezvous.isOn(),
            listened,
            machine,
            console));
  }

  private static int threads(int count) {
    if (count < 1 || count > 256) {
      throw Fault.usage("--threads " + count + " is out of range", "write 1 to 256");
    }
    return count;
  }

  /** Where a node listens nowhere, its listeners are at fault. */
  private static Optional<RendezvousPlan> rendezvous(
      NodeOptions options, NodeListeners listeners, Console console) {
    return options.rendezvous.isOn() && !listeners.all().isEmpty()
        ? Optional.of(
            RendezvousPlan.of(
                options.rendezvous, options.rendezvousLimits, listeners.tls(), console))
        : Optional.empty();
  }

  private static Optional<CertifiedKey> identity(
      NodeOptions options,
      NodeListeners listeners,
      Optional<RendezvousPlan> rendezvous,
      Console console) {
    if ((options.certificate == null) != (options.key == null)) {
      throw Fault.usage(
          "--cert and --key belong together", "give both, or none for a self-made certificate");
    }
    List<TransportAddress> names = new ArrayList<>(listeners.tls());
    names.addAll(listeners.dtls());
    if (names.isEmpty()) {
      if (options.certificate != null && !listeners.all().isEmpty()) {
        throw Fault.usage(
            "--cert without --tls-listen or --dtls-listen", "say where TLS shall be answered");
      }
      return Optional.empty();
    }
    if (options.certificate != null && options.key != null) {
      return Optional.of(NodeTls.read(options.certificate, options.key));
    }
    console.say("TLS uses a self-made certificate; clients pin its key, see the ready line.");
    SecureRandom random = new SecureRandom();
    Instant now = Instant.now();
    return Optional.of(
        rendezvous
            .map(plan -> plan.selfMade(random, now))
            .orElseGet(() -> NodeTls.selfMade(names, random, now)));
  }
}

package dev.culvert.cli.node;

import dev.culvert.cli.Console;
import dev.culvert.cli.ExitCode;
import dev.culvert.cli.Fault;
import dev.culvert.cli.Version;
import dev.culvert.cli.View;
import dev.culvert.cli.node.manage.Management;
import dev.culvert.cli.node.manage.NodeFacts;
import dev.culvert.cli.node.rendezvous.PeerRelays;
import dev.culvert.cli.node.rendezvous.Rendezvous;
import dev.culvert.cli.node.rendezvous.RendezvousPlan;
import dev.culvert.transport.server.ListenException;
import dev.culvert.transport.server.StunServer;
import dev.culvert.transport.server.StunServerConfig;
import dev.culvert.turn.server.RelayAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node that answers, until it is drained. Safe for every thread. */
final class RunningNode {
  private final NodePlan plan;
  private final StunServer server;
  private final Optional<Rendezvous> rendezvous;
  private final Optional<Management> management;
  private final Console console;
  private final AtomicReference<NodeState> state;
  private final RenewalWatch renewals;
  private final Optional<ExternalWatch> external;

  private RunningNode(
      NodePlan plan,
      StunServer server,
      Optional<Rendezvous> rendezvous,
      Optional<Management> management,
      Console console,
      AtomicReference<NodeState> state,
      Optional<ExternalWatch> external) {
    this.plan = plan;
    this.external = external;
    this.server = server;
    this.rendezvous = rendezvous;
    this.management = management;
    this.console = console;
    this.state = state;
    renewals = new RenewalWatch(plan.files(), server, console, InstantSource.system());
  }

  /**
   * Opens everything, or nothing.
   *
   * @param console is told what happens while it runs
   * @throws Fault if an address cannot be had
   */
  static RunningNode start(NodePlan plan, Console console) {
    AtomicReference<NodeState> state = new AtomicReference<>(NodeState.READY);
    StunServerConfig config = plan.server();
    if (plan.page()) {
      config = config.withHttp(new NodePage(state::get));
    }
    Optional<Rendezvous> rendezvous = plan.rendezvous().map(its -> rendezvous(its, plan, console));
    config = rendezvous.map(Rendezvous::service).map(config::withWebSockets).orElse(config);
    Optional<ExternalWatch> external =
        plan.relay()
            .flatMap(relay -> relay.external().map(how -> new ExternalWatch(how, relay, console)));
    external.ifPresent(ExternalWatch::begin);
    RunningNode node;
    try {
      node = listen(config, plan, rendezvous, console, state, external);
    } catch (ListenException e) {
      rendezvous.ifPresent(Rendezvous::close);
      throw refused(e);
    } catch (Fault e) {
      rendezvous.ifPresent(Rendezvous::close);
      throw e;
    }
    node.renewals.start();
    external.ifPresent(ExternalWatch::start);
    return node;
  }

  private static Rendezvous rendezvous(RendezvousPlan its, NodePlan plan, Console console) {
    Optional<PeerRelays> relays =
        plan.relay()
            .flatMap(Relay::peerSecret)
            .map(secret -> new PeerRelays(secret, InstantSource.system()));
    return Rendezvous.open(its, relays, console);
  }

  private static RunningNode listen(
      StunServerConfig config,
      NodePlan plan,
      Optional<Rendezvous> rendezvous,
      Console console,
      AtomicReference<NodeState> state,
      Optional<ExternalWatch> external)
      throws ListenException {
    StunServer server = StunServer.start(config);
    try {
      List<RelayAddress> relayed = plan.relay().map(Relay::addresses).orElse(List.of());
      rendezvous.ifPresent(its -> its.begin(server, relayed, console));
      Optional<Management> management = manage(plan, server, rendezvous);
      return new RunningNode(plan, server, rendezvous, management, console, state, external);
    } catch (ListenException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  private static Fault refused(ListenException e) {
    return switch (e.reason()) {
      case IN_USE -> Fault.usage(e.fault(), "stop what has it, or listen on another port");
      case NOT_LOCAL ->
          Fault.usage(e.fault(), "name an address of this machine, or 0.0.0.0 or :: for all");
      case NOT_PERMITTED ->
          new Fault(
              ExitCode.NOT_AUTHORISED,
              e.fault(),
              "take a port above 1023, or grant CAP_NET_BIND_SERVICE");
      case OTHER -> new Fault(ExitCode.NO_NETWORK, e.fault(), "listen elsewhere");
    };
  }

  private static Optional<Management> manage(
      NodePlan plan, StunServer server, Optional<Rendezvous> rendezvous) throws ListenException {
    if (plan.management().isEmpty()) {
      return Optional.empty();
    }
    NodeFacts facts =
        new NodeFacts(
            server,
            plan.relay()
                .map(relay -> new NodeFacts.RelayFacts(relay.realm(), relay.service().resources())),
            rendezvous.map(its -> new NodeFacts.RendezvousFacts(its.id(), its::counts)),
            () -> server.identity().map(shown -> shown.chain().get(0)),
            Version.number(),
            InstantSource.system());
    return Optional.of(Management.open(plan.management().get(), facts));
  }

  /** How far it is. */
  NodeState state() {
    return Objects.requireNonNull(state.get());
  }

  /** Reads its files again, and tells what came of it. */
  void renew() {
    renewals.renewAll();
  }

  /** The line that tells where it answers. */
  View ready() {
    return new ReadyView(
        server,
        plan.identity().map(own -> own.pin().toString()),
        plan.relay(),
        management.map(Management::address),
        rendezvous);
  }

  /** Ends it, within what the plan says. */
  void drain() {
    drain(plan.drain());
  }

  private void drain(Duration deadline) {
    if (!state.compareAndSet(NodeState.READY, NodeState.DRAINING)) {
      return;
    }
    renewals.close();
    external.ifPresent(ExternalWatch::close);
    long allocations = server.allocations();
    console.say(
        "draining: "
            + allocations
            + " allocations, "
            + server.connections()
            + " connections; the end is in "
            + deadline.toSeconds()
            + " s at the latest, or at a second signal");
    long end = System.nanoTime() + deadline.toNanos();
    // Peers leave once they have found another node. Those that do not are closed somewhat before
    // the server's own end, which would cut them.
    rendezvous.ifPresent(its -> its.drain(deadline.multipliedBy(4).dividedBy(5)));
    long left = server.drain(deadline);
    rendezvous.ifPresent(its -> its.awaitLeave(Duration.ofNanos(end - System.nanoTime())));
    rendezvous.ifPresent(Rendezvous::close);
    // Until now it told that the node drains.
    management.ifPresent(Management::close);
    state.set(NodeState.ENDED);
    console.say(left == 0 ? "ended" : "ended at the deadline with " + left + " allocations");
    Logger log = LoggerFactory.getLogger(RunningNode.class);
    server.counts().forEach((what, count) -> log.debug("{}: {}", what.label(), count));
  }
}

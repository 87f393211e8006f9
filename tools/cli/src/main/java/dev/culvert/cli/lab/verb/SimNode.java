package dev.culvert.cli.lab.verb;

import dev.culvert.identity.PeerId;
import dev.culvert.lab.world.SimWorld;
import dev.culvert.lab.world.VerbRun;
import dev.culvert.natsim.Resident;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.node.NodeConfig;
import dev.culvert.rendezvous.node.RendezvousNode;
import dev.culvert.rendezvous.wire.Frame;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Machine;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.turn.auth.CombinedUsers;
import dev.culvert.turn.auth.CredentialStore;
import dev.culvert.turn.auth.RelayRealm;
import dev.culvert.turn.auth.StatelessNonces;
import dev.culvert.turn.auth.StaticUsers;
import dev.culvert.turn.auth.TimeLimitedCredential;
import dev.culvert.turn.auth.TimeLimitedUsers;
import dev.culvert.turn.server.PortRange;
import dev.culvert.turn.server.RelayAddress;
import dev.culvert.turn.server.RelayResources;
import dev.culvert.turn.server.ResponseGate;
import dev.culvert.turn.server.TurnLimits;
import dev.culvert.turn.server.TurnMachine;
import dev.culvert.turn.server.TurnServer;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A node on a simulated host. */
final class SimNode implements VerbRun {
  private static final Duration MIDDAY = Duration.ofHours(12);
  private static final Duration OFFER = Duration.ofHours(1);

  private final List<TransportAddress> addresses;
  private final Resident<?> resident;
  private Optional<Resident<?>> meeting = Optional.empty();
  private String fault = "";
  private boolean stopped;

  /**
   * @param faults what is wrong where an event says that something is
   */
  private <E> SimNode(
      SimWorld world,
      String host,
      Machine<E> machine,
      Function<E, Optional<String>> faults,
      List<TransportAddress> addresses) {
    this.addresses = addresses;
    resident =
        world.host(host).run(machine, event -> faults.apply(event).ifPresent(it -> fault = it));
    addresses.forEach(address -> resident.listen(Transport.TCP, address));
  }

  /** One that answers STUN. */
  static SimNode stun(SimWorld world, String host, List<List<InetAddress>> families) {
    NodeMachine machine = new NodeMachine(families);
    return new SimNode(
        world, host, machine, failed -> Optional.of(failed.detail()), machine.addresses());
  }

  /** One that answers STUN and relays. */
  static SimNode relay(
      SimWorld world, String host, List<List<InetAddress>> families, RelayRules rules) {
    RelayPorts ports = RelayPorts.of(families);
    TurnMachine machine =
        new TurnMachine(
            engine(world, families, rules, LabUser.store(rules.password())),
            ports.plain(),
            ports.tls());
    SimNode node = new SimNode(world, host, machine, SimNode::fault, ports.plain());
    ports.tls().forEach(address -> node.resident.listen(Transport.TLS, address));
    return node;
  }

  private static TurnServer engine(
      SimWorld world, List<List<InetAddress>> families, RelayRules rules, CredentialStore users) {
    RelayResources resources =
        new RelayResources(
            families.stream()
                .filter(family -> !family.isEmpty())
                .map(family -> RelayAddress.of(family.get(0)))
                .toList(),
            PortRange.DYNAMIC,
            TurnLimits.STANDARD,
            world.world().newRandom());
    resources.ownAddresses(
        families.stream().flatMap(List::stream).collect(Collectors.toUnmodifiableSet()));
    StatelessNonces nonces =
        new StatelessNonces(Bytes.utf8(fresh(world)), () -> time(world), rules.nonceLife());
    return new TurnServer(
        rules.config(), resources, users, nonces, ResponseGate.OPEN, world.world().newRandom());
  }

  /** What is forgotten when a node ends, so that one that is started anew has another. */
  private static String fresh(SimWorld world) {
    byte[] bytes = new byte[24];
    world.world().newRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static Instant time(SimWorld world) {
    return Instant.EPOCH.plus(MIDDAY).plus(world.elapsed());
  }

  /**
   * One that answers STUN and lets peers meet.
   *
   * @param rules of its relay; empty: it has none
   */
  static SimNode rendezvous(
      SimWorld world,
      String host,
      List<List<InetAddress>> families,
      List<KnownNode> others,
      Optional<RelayRules> rules) {
    String secret = fresh(world);
    SimNode node =
        rules
            .map(its -> relayingNode(world, host, families, its, secret))
            .orElseGet(() -> stun(world, host, families));
    NodeConfig config =
        NodeConfig.standard()
            .at(List.of(LabPeers.url(world, host).toString()))
            .withStun(node.addresses.stream().map(TransportAddress::toString).toList())
            .withNeighbours(others);
    RendezvousNode machine =
        new RendezvousNode(
            rules
                .map(
                    its ->
                        config.offering(peer -> offers(world, node.addresses.get(0), secret, peer)))
                .orElse(config),
            LabPeers.node(host),
            Bytes.utf8("nobody in here guesses this one."),
            world.world().newRandom(),
            () -> time(world));
    TransportAddress door = node.addresses.get(0).withPort(LabPeers.PORT);
    node.meeting =
        Optional.of(world.host(host).run(machine, event -> {}).listen(Transport.WEBSOCKET, door));
    return node;
  }

  private static SimNode relayingNode(
      SimWorld world,
      String host,
      List<List<InetAddress>> families,
      RelayRules rules,
      String secret) {
    NodeMachine responder = new NodeMachine(families);
    StaticUsers fixed = LabUser.store(rules.password());
    CredentialStore users =
        new CombinedUsers(
            fixed,
            new TimeLimitedUsers(
                new RelayRealm(LabUser.REALM), List.of(secret), () -> time(world)));
    TurnMachine relay =
        new TurnMachine(engine(world, families, rules, users), responder.addresses(), List.of());
    return new SimNode(
        world, host, new RelayingNode(responder, relay), SimNode::fault, responder.addresses());
  }

  private static List<Frame.RelayOffer> offers(
      SimWorld world, TransportAddress relay, String secret, PeerId peer) {
    TimeLimitedCredential its =
        TimeLimitedCredential.forKey(secret, peer.key(), time(world).plus(OFFER));
    return Stream.of("udp", "tcp")
        .map(
            transport ->
                new Frame.RelayOffer(
                    "turn:" + relay + "?transport=" + transport,
                    its.username(),
                    its.password(),
                    its.expiry()))
        .toList();
  }

  private static Optional<String> fault(TurnMachine.Event event) {
    return event instanceof TurnMachine.Event.NotBound failed
        ? Optional.of(failed.reason())
        : Optional.empty();
  }

  @Override
  public boolean isReady() {
    return fault.isEmpty();
  }

  @Override
  public boolean isDone() {
    return stopped || !fault.isEmpty();
  }

  @Override
  public void stop() {
    stopped = true;
    resident.stop();
    meeting.ifPresent(Resident::stop);
  }

  @Override
  public int exitCode() {
    return fault.isEmpty() ? 0 : 2;
  }

  @Override
  public Map<String, String> fields() {
    return Map.of("udp", words());
  }

  @Override
  public String output() {
    return fault.isEmpty() ? "ready stun udp=" + words() : fault;
  }

  private String words() {
    return addresses.stream().map(TransportAddress::toString).collect(Collectors.joining(","));
  }
}

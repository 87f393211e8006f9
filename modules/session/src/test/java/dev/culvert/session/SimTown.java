package dev.culvert.session;

import dev.culvert.ice.IcePath;
import dev.culvert.ice.IcePolicy;
import dev.culvert.identity.PeerKey;
import dev.culvert.lab.spec.LabSpec;
import dev.culvert.lab.spec.LabSpecBuilder;
import dev.culvert.lab.spec.LinkSpec;
import dev.culvert.lab.spec.Profile;
import dev.culvert.lab.world.SimWorld;
import dev.culvert.natsim.Resident;
import dev.culvert.natsim.World;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.NodeSource;
import dev.culvert.rendezvous.NodeUrl;
import dev.culvert.rendezvous.call.AcceptPolicy;
import dev.culvert.rendezvous.node.NodeConfig;
import dev.culvert.rendezvous.node.RendezvousNode;
import dev.culvert.rendezvous.wire.Frame;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.session.meet.MeetConfig;
import dev.culvert.session.meet.MeetEvent;
import dev.culvert.session.meet.PunchNews;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Peers a and b behind two profiles of the lab, three nodes with a relay each to meet by, and a
 * STUN server with two addresses, which the nodes name.
 */
final class SimTown {
  private static final List<String> NODES = List.of("n1", "n2", "n3");

  final SimWorld lab;
  final World world;
  final SimCaller a;
  final SimCaller b;
  private final List<Resident<?>> nodes = new ArrayList<>();
  private final List<KnownNode> known = new ArrayList<>();
  private final List<InetAddress> relays = new ArrayList<>();

  /** What there is to choose before two meet. */
  static final class Plan {
    private final LabSpecBuilder builder = LabSpec.builder();
    private IcePolicy policy = IcePolicy.PREFER_DIRECT;
    private Duration delay = Duration.ofMillis(10);

    private Plan(Profile one, Profile other, long seed) {
      builder.seed(seed).server("s1", 2);
      NODES.forEach(node -> builder.server(node, 1));
      boolean shared = SimReach.share(one, other);
      builder.home("a", shared ? one : alone(one)).home("b", shared ? other : alone(other));
    }

    private static Profile alone(Profile profile) {
      return new Profile(profile.name(), profile.summary(), profile.routers(), false);
    }

    /** The lines of both take so long each way. */
    Plan lines(Duration time) {
      delay = time;
      return this;
    }

    Plan policy(IcePolicy ofBoth) {
      policy = ofBoth;
      return this;
    }

    /** A further host of the lab, such as one in another home. */
    Plan home(String name, String profile) {
      builder.home(name, profile);
      return this;
    }

    SimTown build() {
      LinkSpec line = new LinkSpec(delay, Duration.ZERO, 0, 0, 0, 0, 0);
      builder.link("a", line).link("b", line);
      return new SimTown(SimWorld.up(builder.build()), policy);
    }
  }

  private SimTown(SimWorld lab, IcePolicy policy) {
    this.lab = lab;
    this.world = lab.world();
    List<InetAddress> ips = lab.addresses().getOrDefault("s1", List.of());
    List<InetAddress> four = ips.stream().filter(ip -> ip.getAddress().length == 4).toList();
    TransportAddress stun = SimStun.on(lab.host("s1"), four.get(0), four.get(1));
    NODES.forEach(name -> serve(name, stun));
    this.a = caller("a", policy);
    this.b = caller("b", policy);
  }

  static Plan between(String one, String other, long seed) {
    return between(Profile.parse(one), Profile.parse(other), seed);
  }

  static Plan between(Profile one, Profile other, long seed) {
    return new Plan(one, other, seed);
  }

  InetAddress ip(String host) {
    return lab.addresses().getOrDefault(host, List.of()).get(0);
  }

  private void serve(String name, TransportAddress stun) {
    SimRelay relay = SimRelay.on(lab, name);
    relays.add(relay.address.ip());
    PeerKey key = PeerKey.generate(world.newRandom());
    TransportAddress address = new TransportAddress(ip(name), 443);
    String url = "wss://" + text(address.ip()) + "/";
    List<Frame.RelayOffer> offers =
        List.of("udp", "tcp").stream()
            .map(
                transport ->
                    new Frame.RelayOffer(
                        "turn:" + text(relay.address) + "?transport=" + transport,
                        SimRelay.USER,
                        SimRelay.PASSWORD,
                        SimCaller.timeIn(world).plus(Duration.ofHours(1))))
            .toList();
    NodeConfig config =
        NodeConfig.standard()
            .at(List.of(url))
            .withStun(List.of(text(stun), text(relay.address)))
            .offering(peer -> offers);
    RendezvousNode node =
        new RendezvousNode(
            config,
            key,
            Bytes.utf8("a secret of thirty-two bytes, yes"),
            world.newRandom(),
            () -> SimCaller.timeIn(world));
    nodes.add(lab.host(name).run(node, event -> {}).listen(Transport.WEBSOCKET, address));
    known.add(
        new KnownNode(
            Optional.of(key.id()),
            List.of(NodeUrl.parse(url).orElseThrow()),
            NodeSource.CONFIGURED));
  }

  private static String text(InetAddress ip) {
    return ip.getHostAddress();
  }

  private static String text(TransportAddress address) {
    return text(address.ip()) + ":" + address.port();
  }

  private SimCaller caller(String name, IcePolicy policy) {
    MeetConfig config =
        MeetConfig.of(
                SessionConfig.of(List.of(new LocalAddress("eth0", ip(name)))), AcceptPolicy.open())
            .withPolicy(policy);
    SimCaller caller =
        new SimCaller(
            world, name, lab.host(name), ip(name), PeerKey.generate(world.newRandom()), config);
    caller.know(known);
    return caller;
  }

  /** Both are attached, and a calls b. */
  long meet() {
    until(
        Duration.ofSeconds(20),
        "attached",
        () ->
            List.of(a, b).stream()
                .allMatch(each -> each.peer.attachments().attached().size() == 2));
    return a.call(b);
  }

  /** No node answers any more; relays go on. */
  void killNodes() {
    nodes.forEach(Resident::stop);
  }

  Optional<IcePath> path(SimCaller peer) {
    return peer.peer.link(peer.lastCall()).flatMap(PeerLink::path);
  }

  boolean connected() {
    return a.connected() > 0 && b.connected() > 0;
  }

  /** Whether neither's data goes over a relay. */
  boolean isDirect() {
    return connected() && isDirect(a) && isDirect(b);
  }

  boolean isDirect(SimCaller peer) {
    return path(peer)
        .filter(its -> !its.isRelayed() && !relays.contains(its.flow().remote().ip()))
        .isPresent();
  }

  /** Why it stays on the relay, in its own words; empty if it does not. */
  Optional<String> stays(SimCaller peer) {
    return peer.told(MeetEvent.Punch.class).stream()
        .map(MeetEvent.Punch::news)
        .reduce((earlier, later) -> later)
        .filter(PunchNews.Stays.class::isInstance)
        .map(PunchNews::words);
  }

  /** What either told of punching. */
  String news() {
    StringBuilder text = new StringBuilder();
    for (SimCaller each : List.of(a, b)) {
      each.told(MeetEvent.Punch.class)
          .forEach(its -> text.append(each.name).append(": ").append(its.news()).append('\n'));
    }
    return text.toString();
  }

  boolean await(Duration limit, BooleanSupplier done) {
    return lab.await(done, limit);
  }

  void until(Duration limit, String what, BooleanSupplier holds) {
    if (!await(limit, holds)) {
      throw new AssertionError("not within " + limit + ": " + what + "\n" + story());
    }
  }

  /** Everything that helps to find a fault. */
  String story() {
    return "a: " + a.story() + "\nb: " + b.story();
  }
}

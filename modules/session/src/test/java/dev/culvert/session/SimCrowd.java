package dev.culvert.session;

import dev.culvert.identity.PeerId;
import dev.culvert.identity.PeerKey;
import dev.culvert.natsim.Dependence;
import dev.culvert.natsim.Host;
import dev.culvert.natsim.Link;
import dev.culvert.natsim.NatBehaviour;
import dev.culvert.natsim.Network;
import dev.culvert.natsim.Protocol;
import dev.culvert.natsim.Resident;
import dev.culvert.natsim.World;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.NodeSource;
import dev.culvert.rendezvous.NodeUrl;
import dev.culvert.rendezvous.Ranking;
import dev.culvert.rendezvous.call.AcceptPolicy;
import dev.culvert.rendezvous.node.NodeConfig;
import dev.culvert.rendezvous.node.RendezvousNode;
import dev.culvert.rendezvous.wire.Frame;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.session.meet.MeetConfig;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/** Nodes, each with a relay beside it, and peers behind NATs that meet through them. */
final class SimCrowd {
  static final NatBehaviour CONE =
      NatBehaviour.of(Dependence.ENDPOINT_INDEPENDENT, Dependence.ADDRESS_AND_PORT);
  static final NatBehaviour SYMMETRIC =
      NatBehaviour.of(Dependence.ADDRESS_AND_PORT, Dependence.ADDRESS_AND_PORT);

  final World world;
  final List<Place> nodes = new ArrayList<>();
  final List<SimCaller> peers = new ArrayList<>();
  final RandomGenerator random;

  /** How many UDP packets each host has sent, and when the first. */
  private final Map<String, Integer> datagrams = new HashMap<>();

  private final Map<String, MonotonicTime> firstDatagram = new HashMap<>();

  SimCrowd(long seed, int places) {
    world = new World(seed);
    random = world.newRandom();
    world.observe(
        (now, where, packet, fate) -> {
          if (packet.protocol() == Protocol.UDP && fate.equals("sent")) {
            datagrams.merge(where, 1, Integer::sum);
            firstDatagram.putIfAbsent(where, now);
          }
        });
    for (int i = 0; i < places; i++) {
      Place place = new Place(i);
      nodes.add(place);
      place.start();
    }
  }

  Instant time() {
    return SimCaller.timeIn(world);
  }

  int datagrams(String host) {
    return datagrams.getOrDefault(host, 0);
  }

  Optional<MonotonicTime> firstDatagram(String host) {
    return Optional.ofNullable(firstDatagram.get(host));
  }

  /** Lets time pass until something holds; fails if it does not in time. */
  void until(Duration limit, String what, BooleanSupplier holds) {
    if (!world.runUntil(holds, limit)) {
      throw new AssertionError(
          "not within " + limit + ": " + what + ", seed " + world.seed() + "\n" + story());
    }
  }

  private String story() {
    StringBuilder text = new StringBuilder();
    peers.forEach(each -> text.append(each.name).append(": ").append(each.story()).append('\n'));
    return text.toString();
  }

  static InetAddress ip(String text) {
    return IpLiterals.parse(text).orElseThrow();
  }

  List<KnownNode> all() {
    return nodes.stream().map(Place::known).toList();
  }

  /** The nodes where others look for a peer, its first choice first. */
  List<Place> ranking(PeerId peer) {
    List<PeerId> ids = nodes.stream().map(each -> each.key.id()).toList();
    return Ranking.of(peer, ids).stream()
        .flatMap(id -> nodes.stream().filter(each -> each.key.id().equals(id)))
        .toList();
  }

  /** Where a node and a relay run. */
  final class Place {
    final PeerKey key = PeerKey.generate(random);
    private final Host host;
    private final TransportAddress address;
    private SimRelay relay;
    private Optional<Resident<?>> seat = Optional.empty();
    private boolean killed;

    Place(int number) {
      Link line = Link.of(Duration.ofMillis(10));
      address = new TransportAddress(ip("203.0.113." + (10 + number)), 443);
      host = world.internet().host("node" + number, line, address.ip());
      relay = SimRelay.on(world, "relay" + number, line, ip("203.0.113." + (100 + number)));
    }

    String url() {
      return "wss://" + address.ip().getHostAddress() + "/";
    }

    KnownNode known() {
      return new KnownNode(
          Optional.of(key.id()),
          List.of(NodeUrl.parse(url()).orElseThrow()),
          NodeSource.CONFIGURED);
    }

    /**
     * Starts with an empty directory, and a relay that knows nobody and takes other credentials.
     */
    void start() {
      if (killed) {
        killed = false;
        relay = relay.anew();
      }
      String where = relay.address.ip().getHostAddress() + ":" + relay.address.port();
      Frame.RelayOffer offer =
          new Frame.RelayOffer(
              "turn:" + where + "?transport=udp",
              SimRelay.USER,
              relay.password(),
              time().plus(Duration.ofHours(1)));
      NodeConfig config =
          NodeConfig.standard()
              .at(List.of(url()))
              .withStun(List.of(where))
              .offering(peer -> List.of(offer));
      seat = Optional.of(serve(host, key, config, address));
    }

    void kill() {
      seat.ifPresent(Resident::stop);
      seat = Optional.empty();
      relay.stop();
      killed = true;
    }
  }

  SimRelay relay(String name, String ip) {
    return SimRelay.on(world, name, Link.of(Duration.ofMillis(10)), ip(ip));
  }

  Resident<?> serve(Host host, PeerKey key, NodeConfig config, TransportAddress address) {
    RendezvousNode node =
        new RendezvousNode(
            config,
            key,
            Bytes.utf8("a secret of thirty-two bytes, yes"),
            world.newRandom(),
            this::time);
    return host.run(node, event -> {}).listen(Transport.WEBSOCKET, address);
  }

  /** A peer behind a NAT of its own that knows no node. */
  SimCaller peer(NatBehaviour nat, AcceptPolicy policy) {
    int number = peers.size();
    InetAddress inside = ip("192.168." + number + ".2");
    Host host =
        world
            .internet()
            .nat(
                "nat" + number,
                Link.of(Duration.ofMillis(5 + number)),
                nat,
                ip("198.51.100." + (10 + number)))
            .inside()
            .host("peer" + number, Link.of(Duration.ofMillis(1)), inside);
    return add(host, inside, policy);
  }

  /** A peer's host is in another network from now on. */
  void move(SimCaller peer) {
    InetAddress inside = ip("10.77.0.2");
    peer.host.leave();
    peer.host.join(
        world
            .internet()
            .nat("elsewhere", Link.of(Duration.ofMillis(9)), CONE, ip("198.51.100.200"))
            .inside(),
        Link.of(Duration.ofMillis(1)),
        inside);
    peer.use(new LocalAddress("wlan0", inside));
  }

  /** A peer with a public address. */
  SimCaller open(AcceptPolicy policy) {
    InetAddress outside = ip("198.51.100." + (100 + peers.size()));
    Host host =
        world.internet().host("peer" + peers.size(), Link.of(Duration.ofMillis(5)), outside);
    return add(host, outside, policy);
  }

  /** Peers in one home, that everybody may call and that look for nodes there. */
  List<SimCaller> home(int count) {
    Network inside =
        world
            .internet()
            .nat("home", Link.of(Duration.ofMillis(5)), CONE, ip("198.51.100.210"))
            .inside();
    List<SimCaller> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      InetAddress address = ip("192.168.77." + (2 + i));
      Host host = inside.host("peer" + peers.size(), Link.of(Duration.ofMillis(1)), address);
      all.add(add(host, address, configOf(address, AcceptPolicy.open()).lookingAround()));
    }
    return all;
  }

  private static MeetConfig configOf(InetAddress address, AcceptPolicy policy) {
    return MeetConfig.of(SessionConfig.of(List.of(new LocalAddress("eth0", address))), policy);
  }

  private SimCaller add(Host host, InetAddress address, AcceptPolicy policy) {
    return add(host, address, configOf(address, policy));
  }

  private SimCaller add(Host host, InetAddress address, MeetConfig config) {
    SimCaller peer =
        new SimCaller(
            world, "peer" + peers.size(), host, address, PeerKey.generate(random), config);
    peers.add(peer);
    return peer;
  }

  /** The same that knows all nodes. */
  SimCaller settler(NatBehaviour nat, AcceptPolicy policy) {
    SimCaller peer = peer(nat, policy);
    peer.know(all());
    return peer;
  }

  void untilAttached(SimCaller... some) {
    until(
        Duration.ofSeconds(10),
        "attached to two",
        () ->
            List.of(some).stream()
                .allMatch(each -> each.peer.attachments().attached().size() == 2));
  }
}

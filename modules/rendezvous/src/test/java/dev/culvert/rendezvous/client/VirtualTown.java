package dev.culvert.rendezvous.client;

import dev.culvert.identity.PeerId;
import dev.culvert.identity.PeerKey;
import dev.culvert.identity.Signed;
import dev.culvert.natsim.Dependence;
import dev.culvert.natsim.Host;
import dev.culvert.natsim.Link;
import dev.culvert.natsim.NatBehaviour;
import dev.culvert.natsim.Resident;
import dev.culvert.natsim.World;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.NodeRecord;
import dev.culvert.rendezvous.NodeSource;
import dev.culvert.rendezvous.NodeUrl;
import dev.culvert.rendezvous.Ranking;
import dev.culvert.rendezvous.node.NodeConfig;
import dev.culvert.rendezvous.node.RendezvousNode;
import dev.culvert.rendezvous.wire.Frame;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.Machine;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** Nodes with names and public addresses, and peers behind NATs, in a simulated Internet. */
final class VirtualTown {
  static final Duration SOON = Duration.ofSeconds(5);

  private static final NatBehaviour NAT =
      NatBehaviour.of(Dependence.ENDPOINT_INDEPENDENT, Dependence.ADDRESS_AND_PORT);

  final World world;
  final List<Site> nodes = new ArrayList<>();
  final List<VirtualPeer> peers = new ArrayList<>();
  private final RandomGenerator random;
  private int households;

  VirtualTown(long seed) {
    world = new World(seed);
    random = world.newRandom();
  }

  Instant time() {
    return Instant.ofEpochSecond(1_800_000_000).plusNanos(world.now().nanos());
  }

  void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what + " at " + world.now() + ", seed " + world.seed());
    }
  }

  /** Lets time pass until something holds; fails if it does not in time. */
  void until(Duration limit, String what, BooleanSupplier holds) {
    check(world.runUntil(holds, limit), "not within " + limit + ": " + what);
  }

  static InetAddress ip(String text) {
    return IpLiterals.parse(text).orElseThrow();
  }

  /** A place for a node, where it can come and go. */
  final class Site {
    final PeerKey key = PeerKey.generate(random);
    final int number = nodes.size();
    final Host host;
    final TransportAddress address;
    NodeConfig config = NodeConfig.standard();
    private boolean nameless;
    Optional<RendezvousNode> node = Optional.empty();
    Optional<Resident<?>> seat = Optional.empty();

    Site() {
      address = new TransportAddress(ip("203.0." + (100 + number) + ".1"), 443);
      host = world.internet().host("node" + number, Link.of(Duration.ofMillis(10)), address.ip());
      world.names().host(name(), List.of(address.ip()));
    }

    PeerId id() {
      return key.id();
    }

    private String name() {
      return "node" + number + ".example";
    }

    String url() {
      return nameless
          ? "wss://" + IpLiterals.format(address.ip(), true) + "/"
          : "wss://" + name() + "/";
    }

    /** It has no name, as a peer that serves has none. */
    Site nameless() {
      nameless = true;
      return this;
    }

    /** Has a peer live there that is known by the key of the node. */
    VirtualPeer tenant() {
      VirtualPeer peer =
          new VirtualPeer(
              VirtualTown.this,
              host,
              key,
              AttachmentsConfig.standard(),
              Duration.ZERO,
              world.newRandom());
      peers.add(peer);
      return peer;
    }

    /** As an owner names it, with its key. */
    KnownNode pinned(NodeSource source) {
      return known(Optional.of(id()), source);
    }

    KnownNode known(Optional<PeerId> pin, NodeSource source) {
      return new KnownNode(pin, List.of(NodeUrl.parse(url()).orElseThrow()), source);
    }

    boolean is(KnownNode other) {
      return other.id().equals(Optional.of(id()));
    }

    Signed record(Duration validity) {
      return new NodeRecord(id(), List.of(url()), time().plus(validity)).sign(key);
    }

    /** Starts with an empty directory. */
    Site start() {
      RendezvousNode fresh = fresh(key);
      node = Optional.of(fresh);
      return run(fresh);
    }

    private RendezvousNode fresh(PeerKey as) {
      return new RendezvousNode(
          config.at(List.of(url())),
          as,
          Bytes.utf8("a secret of thirty-two bytes, yes"),
          world.newRandom(),
          VirtualTown.this::time);
    }

    /** Starts with something else to say. */
    Site lie(Function<Frame, Optional<Frame>> lie) {
      return run(new VirtualLiar(fresh(key), lie));
    }

    /** Starts with another key than everybody knows. */
    Site impostor() {
      return run(fresh(PeerKey.generate(random)));
    }

    /** Has something else answer there. */
    <E> Site run(Machine<E> machine) {
      Resident<E> resident = host.run(machine, event -> {});
      seat = Optional.of(resident.listen(Transport.WEBSOCKET, address));
      return this;
    }

    /** Ends it; its connections are closed. */
    void kill() {
      seat.ifPresent(Resident::stop);
      seat = Optional.empty();
    }

    void drain(Duration within) {
      seat.orElseThrow().execute(now -> node.orElseThrow().drain(List.of(), within, now));
    }
  }

  Site site() {
    Site site = new Site();
    nodes.add(site);
    return site;
  }

  /** That many nodes that run. */
  VirtualTown withNodes(int count) {
    for (int i = 0; i < count; i++) {
      site().start();
    }
    return this;
  }

  List<KnownNode> pinned(NodeSource source) {
    return nodes.stream().map(node -> node.pinned(source)).toList();
  }

  Site node(PeerId id) {
    return nodes.stream().filter(node -> node.id().equals(id)).findFirst().orElseThrow();
  }

  /** A peer behind a NAT of its own that knows no node. */
  VirtualPeer peer(AttachmentsConfig config) {
    return peer(config, PeerKey.generate(random), Duration.ZERO);
  }

  VirtualPeer peer(AttachmentsConfig config, PeerKey key, Duration clockAhead) {
    int number = households++;
    Host host =
        world
            .internet()
            .nat(
                "nat" + number,
                Link.of(Duration.ofMillis(5 + number % 7)),
                NAT,
                ip("198." + (18 + number / 250) + "." + (1 + number % 250) + ".1"))
            .inside()
            .host("peer" + number, Link.of(Duration.ofMillis(1)), ip("192.168.1.2"));
    VirtualPeer peer = new VirtualPeer(this, host, key, config, clockAhead, world.newRandom());
    peers.add(peer);
    return peer;
  }

  /** A peer that knows all nodes that there are now. */
  VirtualPeer settler() {
    VirtualPeer peer = peer(AttachmentsConfig.standard());
    peer.know(pinned(NodeSource.CONFIGURED));
    return peer;
  }

  /** Has one find the other, and what it finds be what the other says now. */
  void finds(VirtualPeer seeker, VirtualPeer sought) {
    long request = seeker.lookup(sought.id());
    until(SOON, "a look-up", () -> seeker.looked(request).isPresent());
    AttachmentEvent.Looked looked = seeker.looked(request).orElseThrow();
    check(
        looked.online()
            && looked
                .record()
                .filter(its -> its.sealingKey().equals(sought.sealingKey()))
                .isPresent(),
        "not found: " + looked);
  }

  /** Has one say something to the other. */
  void reaches(VirtualPeer seeker, VirtualPeer sought, String text) {
    long request = seeker.signal(sought.id(), text);
    until(SOON, "a signal", () -> seeker.fate(request).isPresent());
    check(
        seeker.fate(request).equals(Optional.of(Fate.DELIVERED)), "it is " + seeker.fate(request));
    until(SOON, "to hear it", () -> sought.heard(text));
  }

  /** Has each find the next, and speak to it. */
  void allMeet(String what) {
    for (VirtualPeer one : peers) {
      VirtualPeer other = peers.get((peers.indexOf(one) + 1) % peers.size());
      finds(one, other);
      reaches(one, other, what + one.id());
    }
  }

  /** Whether each is where others look for it first. */
  boolean areHome() {
    List<PeerId> ids = nodes.stream().map(Site::id).toList();
    return peers.stream()
        .allMatch(
            peer ->
                Set.copyOf(Ranking.of(peer.id(), ids).subList(0, 2))
                    .equals(Set.copyOf(peer.attached())));
  }

  boolean areAttached(int count) {
    return peers.stream().allMatch(peer -> peer.attached().size() == count);
  }
}

package dev.culvert.rendezvous.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.culvert.identity.PeerKey;
import dev.culvert.natsim.Dependence;
import dev.culvert.natsim.Host;
import dev.culvert.natsim.Link;
import dev.culvert.natsim.NatBehaviour;
import dev.culvert.natsim.Network;
import dev.culvert.natsim.Resident;
import dev.culvert.rendezvous.NodeSource;
import dev.culvert.rendezvous.node.LocalAnnouncement;
import dev.culvert.rendezvous.node.NodeConfig;
import dev.culvert.rendezvous.node.RendezvousNode;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes next door, in a simulated home. */
class VicinityTest {
  private static final Link NEAR = Link.of(Duration.ofMillis(1));
  private static final Duration SOON = Duration.ofSeconds(10);

  private VirtualTown town = new VirtualTown(0);
  private final List<String> complaints = new ArrayList<>();

  private Network home() {
    return town.world
        .internet()
        .nat(
            "home",
            NEAR,
            NatBehaviour.of(Dependence.ENDPOINT_INDEPENDENT, Dependence.ADDRESS_AND_PORT),
            VirtualTown.ip("198.18.7.1"))
        .inside();
  }

  /** A node in a home that announces that it is another one, or itself. */
  private PeerKey node(Network home, String ip, boolean lies) {
    PeerKey key = PeerKey.generate(town.world.newRandom());
    PeerKey told = lies ? PeerKey.generate(town.world.newRandom()) : key;
    TransportAddress address = new TransportAddress(VirtualTown.ip(ip), 8443);
    Host host = home.host("node " + ip, NEAR, address.ip());
    Resident<?> seat =
        host.run(
            new RendezvousNode(
                NodeConfig.standard(),
                key,
                Bytes.wrap(new byte[32]),
                town.world.newRandom(),
                town::time),
            event -> {});
    seat.listen(Transport.WEBSOCKET, address);
    TransportAddress elsewhere = new TransportAddress(VirtualTown.ip("192.168.1.77"), 8443);
    TransportAddress nowhere = new TransportAddress(VirtualTown.ip("127.0.0.1"), 8443);
    host.run(
        new LocalAnnouncement(told.id(), List.of(address, elsewhere, nowhere), "/rdv"),
        complaints::add);
    return key;
  }

  private VirtualPeer peer(Network network, String ip, AttachmentsConfig config) {
    return new VirtualPeer(
        town,
        network.host("peer " + ip, NEAR, VirtualTown.ip(ip)),
        PeerKey.generate(town.world.newRandom()),
        config,
        Duration.ZERO,
        town.world.newRandom());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whoKnowsNoNodeFindsTheOneNextDoor(long seed) {
    town = new VirtualTown(seed);
    Network home = home();
    PeerKey key = node(home, "192.168.1.2", false);
    AttachmentsConfig near = AttachmentsConfig.standard().thatLooksNear();
    VirtualPeer one = peer(home, "192.168.1.3", near);
    VirtualPeer other = peer(home, "192.168.1.4", near);
    VirtualPeer shy = peer(home, "192.168.1.5", AttachmentsConfig.standard());
    VirtualPeer stranger = peer(town.world.internet(), "203.0.113.9", near);
    town.until(
        SOON, "they find it", () -> !one.attached().isEmpty() && !other.attached().isEmpty());
    assertEquals(List.of(key.id()), one.attached());
    assertEquals(NodeSource.LOCAL, one.attachments().nodes().get(0).source());
    town.reaches(one, other, "hello");
    assertEquals(List.of(), shy.attached());
    assertEquals(List.of(), stranger.attached());
    assertEquals(
        List.of("not found on the local network of 192.168.1.77: no such address on this host"),
        complaints);
  }

  @Test
  void whoTellsAnothersIdIsNoNode() {
    town = new VirtualTown(4);
    Network home = home();
    node(home, "192.168.1.2", true);
    PeerKey honest = node(home, "192.168.1.6", false);
    VirtualPeer peer = peer(home, "192.168.1.3", AttachmentsConfig.standard().thatLooksNear());
    town.until(SOON, "it finds the honest one", () -> !peer.attached().isEmpty());
    town.world.run(Duration.ofMinutes(2));
    assertEquals(List.of(honest.id()), peer.attached());
  }
}

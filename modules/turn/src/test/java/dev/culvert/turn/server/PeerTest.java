package dev.culvert.turn.server;

import static dev.culvert.turn.server.RelayClient.UDP;
import static dev.culvert.turn.server.RelayClient.assertRefused;
import static dev.culvert.turn.server.RelayClient.assertSuccess;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.Method;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.attribute.AdditionalAddressFamily;
import dev.culvert.stun.attribute.AddressFamily;
import dev.culvert.stun.attribute.Attribute;
import dev.culvert.stun.attribute.ChannelNumber;
import dev.culvert.stun.attribute.Data;
import dev.culvert.stun.attribute.DontFragment;
import dev.culvert.stun.attribute.Lifetime;
import dev.culvert.stun.attribute.Priority;
import dev.culvert.stun.attribute.XorPeerAddress;
import dev.culvert.turn.ChannelData;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Permissions, channels and data: RFC 8656 §9 to §12. */
final class PeerTest {
  private static final TransportAddress PEER = RelayFixture.address("20.9.9.9", 7000);
  private static final TransportAddress PEER6 = RelayFixture.address("2a00::9", 7000);
  private static final Bytes HELLO = Bytes.utf8("hello");

  private final RelayFixture relay = new RelayFixture();
  private final RelayClient client = relay.udp("20.0.0.1", 5000);

  @Test
  void relaysOnlyForPeersWithAPermission() {
    TransportAddress relayed = client.allocate();
    client.sendIndication(PEER, HELLO);
    relay.fromPeer(PEER, relayed, HELLO);
    assertEquals(List.of(), relay.takeSentTo(PEER));
    assertEquals(List.of(), client.messages());
    client.permit(PEER.withPort(1));
    client.sendIndication(PEER, HELLO);
    assertEquals(List.of(HELLO), relay.takeSentTo(PEER));
    relay.fromPeer(PEER, relayed, HELLO);
    StunMessage data = client.messages().get(0);
    assertEquals(Method.DATA, data.method());
    assertEquals(PEER, data.first(XorPeerAddress.class).orElseThrow().address());
    assertEquals(HELLO, data.first(Data.class).orElseThrow().payload());
    relay.fromPeer(RelayFixture.address("20.9.9.8", 7000), relayed, HELLO);
    assertEquals(List.of(), client.messages());
  }

  @Test
  void permissionsEndAfterFiveMinutesAndRefreshesOfTheAllocationDoNotHelp() {
    TransportAddress relayed = client.allocate();
    client.permit(PEER);
    relay.pass(Duration.ofSeconds(299));
    assertSuccess(client.request(Method.REFRESH));
    relay.fromPeer(PEER, relayed, HELLO);
    assertEquals(1, client.messages().size());
    relay.pass(Duration.ofSeconds(1));
    relay.fromPeer(PEER, relayed, HELLO);
    client.sendIndication(PEER, HELLO);
    assertEquals(List.of(), client.messages());
    assertEquals(List.of(), relay.takeSentTo(PEER));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "WEBSOCKET")
  void channelsCarryBothWays(Transport transport) {
    RelayClient here =
        transport == Transport.UDP ? client : relay.connect(transport, "20.0.0.1", 6000);
    TransportAddress relayed = here.allocate();
    here.bind(0x4000, PEER);
    here.sendChannel(0x4000, HELLO);
    assertEquals(List.of(HELLO), relay.takeSentTo(PEER));
    relay.fromPeer(PEER, relayed, HELLO);
    List<Bytes> sent = relay.takeSentTo(here.address());
    assertEquals(transport.isStream() ? 12 : 9, sent.get(0).length());
    assertEquals(new ChannelData(0x4000, HELLO), ChannelData.decode(sent.get(0)).orElseThrow());
    // Another port of the peer has a permission and no channel.
    relay.fromPeer(PEER.withPort(7001), relayed, HELLO);
    assertEquals(Method.DATA, here.messages().get(0).method());
    here.sendChannel(0x4000, Bytes.empty());
    assertEquals(List.of(Bytes.empty()), relay.takeSentTo(PEER));
  }

  @Test
  void refusesChannelsThatCannotBe() {
    client.allocate();
    TransportAddress other = PEER.withPort(7001);
    assertRefused(400, client.tryBind(0x3fff, PEER));
    assertRefused(400, client.tryBind(0x7fff, PEER));
    assertRefused(400, client.tryBind(0xffff, PEER));
    assertRefused(400, client.tryBind(0x4000, PEER.withPort(0)));
    assertRefused(400, client.request(Method.CHANNEL_BIND, new ChannelNumber(0x4000)));
    assertRefused(400, client.request(Method.CHANNEL_BIND, new XorPeerAddress(PEER)));
    assertRefused(443, client.tryBind(0x4000, PEER6));
    client.bind(0x4000, PEER);
    client.bind(0x4000, PEER);
    assertRefused(400, client.tryBind(0x4000, other));
    assertRefused(400, client.tryBind(0x4001, PEER));
    client.bind(0x4fff, other);
    assertRefused(437, relay.udp("20.0.0.1", 9).tryBind(0x4000, PEER));
  }

  @Test
  void grantsTheOldChannelsToOldClientsOnly() {
    RelayClient modern = relay.udp("20.0.0.1", 5001).modern();
    modern.allocate();
    modern.bind(0x4fff, PEER);
    assertRefused(400, modern.tryBind(0x5000, PEER.withPort(1)));
    client.allocate();
    client.bind(0x5000, PEER);
    client.bind(0x7ffe, PEER.withPort(1));
    client.sendChannel(0x5000, HELLO);
    assertEquals(List.of(HELLO), relay.takeSentTo(PEER));
  }

  @Test
  void channelsEndAfterTenMinutes() {
    TransportAddress relayed = client.allocate(new Lifetime(3600));
    client.bind(0x4000, PEER);
    relay.pass(Duration.ofSeconds(301));
    // The permission is over, the channel still is not.
    relay.fromPeer(PEER, relayed, HELLO);
    assertEquals(List.of(), client.messages());
    client.permit(PEER);
    relay.fromPeer(PEER, relayed, HELLO);
    assertEquals(1, client.channelData().size());
    relay.pass(Duration.ofSeconds(299));
    client.permit(PEER);
    client.sendChannel(0x4000, HELLO);
    assertEquals(List.of(), relay.takeSentTo(PEER));
    relay.fromPeer(PEER, relayed, HELLO);
    assertEquals(Method.DATA, client.messages().get(0).method());
    client.bind(0x4000, PEER.withPort(7002));
  }

  @Test
  void permitsAllPeersOrNone() {
    client.allocate();
    assertRefused(400, client.request(Method.CREATE_PERMISSION));
    TransportAddress second = RelayFixture.address("20.9.9.10", 1);
    assertRefused(443, permit(PEER, PEER6));
    assertRefused(403, permit(PEER, RelayFixture.address("10.0.0.1", 1)));
    client.sendIndication(PEER, HELLO);
    assertEquals(List.of(), relay.takeSentTo(PEER));
    assertSuccess(permit(PEER, second));
    client.sendIndication(PEER, HELLO);
    client.sendIndication(second, HELLO);
    assertEquals(1, relay.takeSentTo(PEER).size());
    assertEquals(1, relay.takeSentTo(second).size());
  }

  private StunMessage permit(TransportAddress... peers) {
    return client.request(
        Method.CREATE_PERMISSION,
        Arrays.stream(peers).map(XorPeerAddress::new).toArray(Attribute[]::new));
  }

  @Test
  void boundsPermissionsAndChannels() {
    client.allocate();
    int most = TurnLimits.STANDARD.permissions();
    IntStream.range(0, most)
        .forEach(i -> client.permit(RelayFixture.address("20.8." + i + ".1", 1)));
    assertRefused(508, permit(PEER));
    assertSuccess(permit(RelayFixture.address("20.8.0.1", 1)));
    IntStream.range(0, most)
        .forEach(i -> client.bind(0x4000 + i, RelayFixture.address("20.8.0.1", 1 + i)));
    assertRefused(508, client.tryBind(0x4fff, RelayFixture.address("20.8.0.1", 9999)));
  }

  @Test
  void relaysOfTwoFamiliesKeepApart() {
    assertSuccess(
        client.request(Method.ALLOCATE, UDP, new AdditionalAddressFamily(AddressFamily.IPV6)));
    client.bind(0x4000, PEER);
    client.bind(0x4001, PEER6);
    client.sendChannel(0x4001, HELLO);
    assertEquals(
        RelayFixture.ip("2001:db8::1"), relay.sent.get(relay.sent.size() - 1).flow().local().ip());
    assertEquals(List.of(HELLO), relay.takeSentTo(PEER6));
  }

  @Test
  void dropsIndicationsThatAreNotWhole() {
    client.allocate();
    client.permit(PEER);
    relay.receive(
        client.flow,
        StunCodec.encode(
            StunMessage.indication(Method.SEND, RelayClient.newId(), new XorPeerAddress(PEER))));
    client.sendIndication(PEER, HELLO, new Priority(1));
    client.sendIndication(PEER.withPort(0), HELLO);
    assertEquals(List.of(), relay.takeSentTo(PEER));
    client.sendIndication(PEER, HELLO, new DontFragment());
    assertEquals(true, relay.sent.get(relay.sent.size() - 1).dontFragment());
  }

  @Test
  void aClientWhoseConnectionTakesNoMoreGetsNoData() {
    RelayClient tcp = relay.connect(Transport.TCP, "20.0.0.1", 6000);
    TransportAddress relayed = tcp.allocate();
    tcp.bind(0x4000, PEER);
    relay.server.accept(new Input.Writable(tcp.flow.id(), false), relay.now());
    relay.fromPeer(PEER, relayed, HELLO);
    assertEquals(List.of(), tcp.channelData());
    relay.server.accept(new Input.Writable(tcp.flow.id(), true), relay.now());
    relay.fromPeer(PEER, relayed, HELLO);
    assertEquals(1, tcp.channelData().size());
  }

  @Test
  void boundsBandwidth() {
    RelayFixture.Settings settings = new RelayFixture.Settings();
    settings.config =
        new TurnServerConfig(
            PeerPolicy.standard(),
            new TurnLimits(10, 0, 0, 8, 8, 10_000, 0),
            TurnServerConfig.STANDARD_LIFETIME,
            TurnServerConfig.STANDARD_MAX_LIFETIME,
            true,
            true,
            List.of());
    RelayFixture narrow = new RelayFixture(settings);
    RelayClient here = narrow.udp("20.0.0.1", 5000);
    here.allocate();
    here.bind(0x4000, PEER);
    Bytes data = Bytes.wrap(new byte[1000]);
    for (int second = 0; second < 100; second++) {
      for (int i = 0; i < 50; i++) {
        here.sendChannel(0x4000, data);
      }
      narrow.pass(Duration.ofSeconds(1));
    }
    int relayed = narrow.takeSentTo(PEER).size();
    assertEquals(true, relayed >= 990 && relayed <= 1020, () -> relayed + " in 100 s");
    assertEquals(5000L - relayed, narrow.server.counts().get(TurnCount.DROPPED_BANDWIDTH));
  }

  @Test
  void splitsFramesAtEveryByte() {
    RelayClient tcp = relay.connect(Transport.TCP, "20.0.0.1", 6000);
    tcp.allocate();
    tcp.bind(0x4000, PEER);
    Bytes twice =
        new ChannelData(0x4000, HELLO)
            .encodePadded()
            .concat(
                tcp.signed(Method.REFRESH, RelayClient.newId())
                    .concat(new ChannelData(0x4000, HELLO).encodePadded()));
    for (int cut = 1; cut < twice.length(); cut++) {
      relay.receive(tcp.flow, twice.slice(0, cut));
      relay.receive(tcp.flow, twice.slice(cut));
      assertEquals(List.of(HELLO, HELLO), relay.takeSentTo(PEER));
      assertSuccess(tcp.messages().get(0));
    }
  }
}

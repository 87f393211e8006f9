package dev.culvert.turn.server;

import static dev.culvert.turn.server.RelayClient.TCP;
import static dev.culvert.turn.server.RelayClient.UDP;
import static dev.culvert.turn.server.RelayClient.assertRefused;
import static dev.culvert.turn.server.RelayClient.assertSuccess;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.Method;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.attribute.AdditionalAddressFamily;
import dev.culvert.stun.attribute.AddressFamily;
import dev.culvert.stun.attribute.Attribute;
import dev.culvert.stun.attribute.AttributeType;
import dev.culvert.stun.attribute.ChannelNumber;
import dev.culvert.stun.attribute.Lifetime;
import dev.culvert.stun.attribute.UnknownAttribute;
import dev.culvert.stun.attribute.XorPeerAddress;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a relay must not be used to reach: RFC 8656 §21.1.4 and beyond. */
final class ForbiddenPeersTest {
  private static final Bytes HELLO = Bytes.utf8("hello");

  private final RelayFixture relay = new RelayFixture();
  private final RelayClient client = relay.udp("20.0.0.1", 5000);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "0.1.2.3",
        "10.1.2.3",
        "100.64.0.1",
        "100.100.100.200",
        "127.0.0.1",
        "127.255.255.254",
        "168.63.129.16",
        "169.254.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.192",
        "192.168.1.1",
        "192.88.99.1",
        "198.18.0.1",
        "224.0.0.1",
        "239.255.255.255",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "fe80::1",
        "fec0::1",
        "fc00::1",
        "fd00:ec2::254",
        "ff02::1",
        "2002:7f00:1::1",
        "2002:a01:203::1",
        "64:ff9b::127.0.0.1",
        "64:ff9b::169.254.169.254",
        "64:ff9b:1::1",
        "2001::1",
        "2001:db8::5",
        "198.51.100.1",
        "2001:db8::1"
      })
  void refusesEverywhere(String ip) {
    TransportAddress peer = RelayFixture.address(ip, 80);
    assertSuccess(
        client.request(Method.ALLOCATE, UDP, new AdditionalAddressFamily(AddressFamily.IPV6)));
    Attribute named = new XorPeerAddress(peer);
    assertRefused(403, client.request(Method.CREATE_PERMISSION, named));
    assertRefused(403, client.request(Method.CHANNEL_BIND, new ChannelNumber(0x4000), named));
    client.sendIndication(peer, HELLO);
    assertEquals(List.of(), relay.takeSentTo(peer));
    RelayClient tcp = relay.connect(Transport.TCP, "20.0.0.1", 6000);
    assertSuccess(
        tcp.request(Method.ALLOCATE, TCP, new AdditionalAddressFamily(AddressFamily.IPV6)));
    assertRefused(403, tcp.request(Method.CONNECT, named));
    assertEquals(List.of(), relay.opening);
  }

  @ParameterizedTest
  @ValueSource(strings = {"7f000001", "0a000001", "a9fea9fe", "14090909"})
  void refusesIpv4InTheDressOfIpv6(String ipv4) {
    assertSuccess(
        client.request(Method.ALLOCATE, UDP, new AdditionalAddressFamily(AddressFamily.IPV6)));
    RelayClient tcp = relay.connect(Transport.TCP, "20.0.0.1", 6000);
    assertSuccess(tcp.request(Method.ALLOCATE, TCP));
    for (Method method : List.of(Method.CREATE_PERMISSION, Method.CHANNEL_BIND, Method.CONNECT)) {
      RelayClient who = method.equals(Method.CONNECT) ? tcp : client;
      who.request(Method.REFRESH);
      TransactionId id = RelayClient.newId();
      Attribute mapped = mapped(ipv4, id);
      assertRefused(403, who.exchange(who.signed(method, id, mapped, new ChannelNumber(0x4000))));
    }
    assertEquals(List.of(), relay.opening);
  }

  /** XOR-PEER-ADDRESS of ::ffff:a.b.c.d, port 80, as only its bytes can say it. */
  private static Attribute mapped(String ipv4, TransactionId id) {
    byte[] value = Bytes.hex("00020050 00000000000000000000ffff" + ipv4).toByteArray();
    Bytes mask = id.cookieAndId();
    value[2] ^= (byte) mask.at(0);
    value[3] ^= (byte) mask.at(1);
    for (int i = 0; i < 16; i++) {
      value[4 + i] ^= (byte) mask.at(i);
    }
    return new UnknownAttribute(AttributeType.XOR_PEER_ADDRESS, Bytes.wrap(value));
  }

  @Test
  void relaysBetweenTwoClientsOfOneNode() {
    RelayClient other = relay.udp("20.0.0.2", 5001).as("bob", "other");
    TransportAddress mine = client.allocate();
    TransportAddress theirs = other.allocate();
    client.bind(0x4000, theirs);
    client.sendChannel(0x4000, HELLO);
    assertEquals(List.of(HELLO), relay.takeSentTo(theirs));
    relay.fromPeer(mine, theirs, HELLO);
    assertEquals(List.of(), other.messages(), "no permission yet");
    other.bind(0x4001, mine);
    relay.fromPeer(mine, theirs, HELLO);
    assertEquals(1, other.channelData().size());
    // The permission is for the node's address, and yet only for what lives there.
    client.sendIndication(RelayFixture.SERVER, HELLO);
    assertEquals(List.of(), relay.takeSentTo(RelayFixture.SERVER));
    relay.fromPeer(RelayFixture.SERVER, mine, HELLO);
    assertEquals(List.of(), client.messages());
    assertSuccess(other.request(Method.REFRESH, new Lifetime(0)));
    client.sendChannel(0x4000, HELLO);
    assertEquals(List.of(), relay.takeSentTo(theirs), "its port is nobody's now");
  }

  @Test
  void relaysBetweenClientsBehindAnAnnouncedAddress() {
    RelayFixture.Settings settings = new RelayFixture.Settings();
    settings.addresses =
        List.of(new RelayAddress(RelayFixture.ip("10.0.0.5"), RelayFixture.ip("198.51.100.77")));
    RelayFixture behind = new RelayFixture(settings);
    RelayClient one = behind.udp("20.0.0.1", 1);
    RelayClient two = behind.udp("20.0.0.2", 2);
    TransportAddress first = one.allocate();
    TransportAddress second = two.allocate();
    one.bind(0x4000, second);
    two.bind(0x4000, first);
    one.sendChannel(0x4000, HELLO);
    TransportAddress socket = RelayFixture.address("10.0.0.5", second.port());
    assertEquals(List.of(HELLO), behind.takeSentTo(socket));
    behind.fromPeer(RelayFixture.address("10.0.0.5", first.port()), socket, HELLO);
    assertEquals(1, two.channelData().size());
  }

  @Test
  void refusesTheNodesOtherAddresses() {
    relay.resources.ownAddresses(Set.of(RelayFixture.ip("20.7.7.7")));
    client.allocate();
    assertRefused(
        403,
        client.request(
            Method.CREATE_PERMISSION, new XorPeerAddress(RelayFixture.address("20.7.7.7", 22))));
  }

  @Test
  void allowsWhatTheOperatorAllows() {
    RelayFixture.Settings settings = new RelayFixture.Settings();
    settings.config =
        new TurnServerConfig(
            PeerPolicy.standard()
                .allowing(IpPrefix.parse("10.0.0.0/8").orElseThrow())
                .denying(IpPrefix.parse("10.1.0.0/16").orElseThrow())
                .denying(IpPrefix.parse("20.0.0.0/8").orElseThrow())
                .allowing(IpPrefix.parse("198.51.100.1").orElseThrow()),
            TurnLimits.STANDARD,
            TurnServerConfig.STANDARD_LIFETIME,
            TurnServerConfig.STANDARD_MAX_LIFETIME,
            true,
            true,
            List.of());
    RelayClient here = new RelayFixture(settings).udp("20.0.0.1", 5000);
    here.allocate();
    for (String ip : List.of("10.0.0.1", "30.0.0.1", "198.51.100.1")) {
      here.permit(RelayFixture.address(ip, 1));
    }
    for (String ip : List.of("10.1.0.1", "20.0.0.1", "192.168.0.1")) {
      assertRefused(
          403,
          here.request(Method.CREATE_PERMISSION, new XorPeerAddress(RelayFixture.address(ip, 1))));
    }
    here.sendIndication(RelayFixture.SERVER, HELLO);
    assertEquals(List.of(HELLO), here.relay.takeSentTo(RelayFixture.SERVER));
  }
}

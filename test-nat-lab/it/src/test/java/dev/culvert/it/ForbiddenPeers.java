package dev.culvert.it;

import static dev.culvert.it.RawTurn.code;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.Method;
import dev.culvert.stun.attribute.AddressFamily;
import dev.culvert.stun.attribute.Attribute;
import dev.culvert.stun.attribute.ChannelNumber;
import dev.culvert.stun.attribute.RequestedAddressFamily;
import dev.culvert.stun.attribute.RequestedTransport;
import dev.culvert.stun.attribute.XorPeerAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.function.Executable;

/**
 * Asks for every address that leads out of the public Internet, in every spelling, in every kind of
 * request, and sends to it besides. All data goes to {@link #PORT}, where somebody counts.
 */
final class ForbiddenPeers implements Attack {
  static final int PORT = 4242;

  private static final List<String> IPV4 =
      List.of(
          "0.0.0.0",
          "0.1.2.3",
          "10.0.0.1",
          "10.255.255.255",
          "100.64.0.1",
          "100.100.100.200",
          "100.127.255.255",
          "127.0.0.1",
          "127.255.255.254",
          "168.63.129.16",
          "169.254.0.1",
          "169.254.169.254",
          "172.16.0.1",
          "172.31.255.255",
          "192.0.0.192",
          "192.88.99.1",
          "192.168.0.1",
          "192.168.255.255",
          "198.18.0.1",
          "224.0.0.1",
          "239.255.255.250",
          "240.0.0.1",
          "255.255.255.255");

  /** IPv4 addresses in the four dresses that IPv6 has for them, after those of its own. */
  private static final List<String> IPV6 =
      List.of(
          "::",
          "::1",
          "64:ff9b:1::1",
          "100::1",
          "2001::1",
          "fc00::1",
          "fd00:ec2::254",
          "fe80::1",
          "fec0::1",
          "ff02::1",
          "ff0e::1");

  @Override
  public void on(Target relay) throws Exception {
    List<Executable> all = new ArrayList<>();
    List<byte[]> ipv4 = IPV4.stream().map(ForbiddenPeers::bytes).toList();
    List<byte[]> ipv6 = new ArrayList<>(IPV6.stream().map(ForbiddenPeers::bytes).toList());
    for (byte[] inner : ipv4) {
      ipv6.add(wrapped("00000000000000000000ffff", inner, ""));
      ipv6.add(wrapped("000000000000000000000000", inner, ""));
      ipv6.add(wrapped("0064ff9b0000000000000000", inner, ""));
      ipv6.add(wrapped("2002", inner, "00000000000000000001"));
    }
    // An address that is allowed is not in disguise.
    ipv6.add(wrapped("00000000000000000000ffff", relay.allowedPeer().getAddress(), ""));
    try (RawTurn udp4 = relay.udp();
        RawTurn udp6 = relay.udp();
        RawTurn tcp4 = relay.tcp();
        RawTurn tcp6 = relay.tcp()) {
      Attribute family6 = new RequestedAddressFamily(AddressFamily.IPV6);
      Attribute tcp = new RequestedTransport(RequestedTransport.TCP);
      udp4.allocate();
      udp6.allocate(family6);
      assertEquals(0, tcp4.code(Method.ALLOCATE, tcp));
      assertEquals(0, tcp6.code(Method.ALLOCATE, tcp, family6));
      ipv4.forEach(address -> all.add(() -> refuses(udp4, tcp4, address)));
      ipv6.forEach(address -> all.add(() -> refuses(udp6, tcp6, address)));
      // The mapped ones to IPv4 allocations too: there they would be at home.
      ipv6.stream()
          .filter(address -> (address[10] & address[11]) == -1)
          .forEach(address -> all.add(() -> refuses(udp4, tcp4, address)));
      all.add(() -> refusesItsOwnPorts(udp4, tcp4, relay.ipv4()));
      all.add(() -> refusesItsOwnPorts(udp6, tcp6, relay.ipv6()));
      all.add(() -> refusesAllIfOneIsForbidden(udp4, relay));
      assertAll(all);
      // Counted where the others would have been.
      XorPeerAddress allowed = new XorPeerAddress(new TransportAddress(relay.allowedPeer(), PORT));
      assertEquals(0, udp4.code(Method.CREATE_PERMISSION, allowed));
      udp4.send(allowed, Bytes.utf8("seen"));
    }
  }

  private static void refuses(RawTurn udp, RawTurn tcp, byte[] address) throws IOException {
    Spelled peer = new Spelled(Bytes.copyOf(address), PORT);
    Spelled portless = new Spelled(peer.ip(), 0);
    String who = peer.ip().hex();
    assertEquals(403, code(udp.ask(Method.CREATE_PERMISSION, peer)), who);
    assertEquals(403, code(udp.ask(Method.CREATE_PERMISSION, portless)), who);
    assertEquals(403, code(udp.ask(Method.CHANNEL_BIND, peer, new ChannelNumber(0x4777))), who);
    assertEquals(403, code(tcp.ask(Method.CREATE_PERMISSION, peer)), who);
    assertEquals(403, code(tcp.ask(Method.CONNECT, peer)), who);
    udp.send(peer, Bytes.utf8("not permitted"));
    udp.send(0x4777, Bytes.utf8("not bound"));
  }

  /** Its live relayed addresses are peers, but nothing else of it is. */
  private static void refusesItsOwnPorts(RawTurn udp, RawTurn tcp, InetAddress own)
      throws IOException {
    for (int port : new int[] {RelayUnderTest.PORT, RelayUnderTest.TLS_PORT, 22, PORT}) {
      XorPeerAddress peer = new XorPeerAddress(new TransportAddress(own, port));
      assertEquals(403, udp.code(Method.CHANNEL_BIND, new ChannelNumber(0x4778), peer));
      assertEquals(403, tcp.code(Method.CONNECT, peer));
      // Permissions are for addresses, so this one may be had; the port is looked at later.
      udp.ask(Method.CREATE_PERMISSION, peer);
      udp.send(peer, Bytes.utf8("to itself"));
    }
  }

  private static void refusesAllIfOneIsForbidden(RawTurn udp, Target relay) throws IOException {
    XorPeerAddress allowed = new XorPeerAddress(new TransportAddress(relay.allowedPeer(), PORT));
    XorPeerAddress denied = new XorPeerAddress(new TransportAddress(address("10.0.0.1"), PORT));
    assertEquals(403, udp.code(Method.CREATE_PERMISSION, allowed, denied));
    udp.send(allowed, Bytes.utf8("none of them has a permission"));
  }

  private static byte[] wrapped(String prefix, byte[] inner, String suffix) {
    return Bytes.hex(prefix).concat(Bytes.wrap(inner)).concat(Bytes.hex(suffix)).toByteArray();
  }

  private static byte[] bytes(String text) {
    return address(text).getAddress();
  }

  private static InetAddress address(String text) {
    return IpLiterals.parse(text).orElseThrow();
  }
}

package dev.culvert.transport.server;

import static dev.culvert.transport.server.UdpAsker.binding;
import static dev.culvert.transport.server.UdpAsker.ip;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.Method;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.attribute.ChangeRequest;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.MappedAddress;
import dev.culvert.stun.attribute.OtherAddress;
import dev.culvert.stun.attribute.UnknownAttribute;
import dev.culvert.stun.attribute.UnknownAttributes;
import dev.culvert.stun.attribute.XorMappedAddress;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server with one address, on both of Netty's transports. */
class StunServerTest {
  private static final TransportAddress ANY_PORT = new TransportAddress(ip("127.0.0.1"), 0);

  private static StunServer start(boolean nio, TransportAddress... addresses) throws IOException {
    List<StunListener> listeners = Arrays.stream(addresses).map(StunListener::plain).toList();
    StunServerConfig config = StunServerConfig.of(listeners).withThreads(2);
    return StunServer.start(nio ? config.withNioOnly() : config);
  }

  private static TransportAddress udp(StunServer server) {
    return server.addresses(Transport.UDP).get(0);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void tellsTheSourceAddress(boolean nio) throws IOException {
    try (StunServer server = start(nio, ANY_PORT);
        UdpAsker asker = new UdpAsker("127.0.0.1")) {
      UdpAsker.Answer answer = asker.ask(binding(), udp(server));
      assertEquals(udp(server), answer.from());
      assertEquals(MessageClass.SUCCESS_RESPONSE, answer.message().messageClass());
      assertEquals(
          asker.local(), answer.message().first(XorMappedAddress.class).orElseThrow().address());
      assertFalse(answer.message().has(OtherAddress.class));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void tellsTheSourceAddressOverIpv6(boolean nio) throws IOException {
    if (!UdpAsker.isLocal("::1")) {
      return;
    }
    try (StunServer server = start(nio, new TransportAddress(ip("::1"), 0));
        UdpAsker asker = new UdpAsker("::1")) {
      UdpAsker.Answer answer = asker.ask(binding(), udp(server));
      assertEquals(udp(server), answer.from());
      assertEquals(
          asker.local(), answer.message().first(XorMappedAddress.class).orElseThrow().address());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void refusesChangeRequestWithoutAnAlternate(boolean nio) throws IOException {
    try (StunServer server = start(nio, ANY_PORT);
        UdpAsker asker = new UdpAsker("127.0.0.1")) {
      UdpAsker.Answer answer = asker.ask(binding(new ChangeRequest(true, false)), udp(server));
      assertEquals(udp(server), answer.from());
      assertEquals(ErrorCode.UNKNOWN_ATTRIBUTE, answer.message().error().orElseThrow().code());
      assertEquals(
          List.of(0x0003), answer.message().first(UnknownAttributes.class).orElseThrow().types());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void namesUnknownRequiredAttributes(boolean nio) throws IOException {
    try (StunServer server = start(nio, ANY_PORT);
        UdpAsker asker = new UdpAsker("127.0.0.1")) {
      StunMessage request = binding(new UnknownAttribute(0x7001, Bytes.of(1, 2, 3, 4)));
      UdpAsker.Answer answer = asker.ask(request, udp(server));
      assertEquals(
          List.of(0x7001), answer.message().first(UnknownAttributes.class).orElseThrow().types());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void answersClientsOfRfc3489WithAPlainMappedAddress(boolean nio) throws IOException {
    try (StunServer server = start(nio, ANY_PORT);
        UdpAsker asker = new UdpAsker("127.0.0.1")) {
      Bytes request = Bytes.hex("0001 0000 00112233445566778899aabbccddeeff");
      asker.send(request, udp(server));
      Bytes response = asker.receive().wire();
      assertEquals(0x0101, response.uint16(0));
      assertEquals(request.slice(4), response.slice(4, 20));
      TransportAddress local = asker.local();
      Bytes mapped = Bytes.of(0, 1, 0, 8, 0, 1, local.port() >> 8, local.port(), 127, 0, 0, 1);
      assertEquals(mapped, response.slice(20, 32));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void meetsGarbageWithSilence(boolean nio) throws IOException {
    Random random = new Random(5);
    try (StunServer server = start(nio, ANY_PORT);
        UdpAsker asker = new UdpAsker("127.0.0.1")) {
      Bytes good = StunCodec.encode(binding());
      int sent = 0;
      for (int length : new int[] {0, 1, 19, 20, 21, 100, 1500, 2048, 2049, 9000, 60_000}) {
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        asker.send(Bytes.wrap(noise), udp(server));
        sent++;
      }
      for (int cut = 1; cut < good.length(); cut++) {
        asker.send(good.slice(0, cut), udp(server));
        sent++;
      }
      asker.send(good.concat(Bytes.of(0)), udp(server));
      TransactionId id = TransactionId.random(random);
      StunMessage indication = StunMessage.indication(Method.BINDING, id);
      asker.send(StunCodec.encode(indication), udp(server));
      asker.send(StunCodec.encode(indication.successResponse()), udp(server));
      sent += 3;
      // One socket's datagrams stay in order, so an answer to any of these would come first.
      StunMessage last = binding();
      assertEquals(last.transactionId(), asker.ask(last, udp(server)).message().transactionId());
      assertEquals(1, server.count(ServerCount.UDP_ANSWERED));
      long dropped = server.count(ServerCount.DROPPED_GARBAGE);
      assertTrue(dropped == sent || dropped == sent - 1, dropped + " of " + sent);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void answersEveryRequestOfABurst(boolean nio) throws IOException {
    try (StunServer server = start(nio, ANY_PORT);
        UdpAsker asker = new UdpAsker("127.0.0.1")) {
      for (int round = 0; round < 20; round++) {
        for (int i = 0; i < 200; i++) {
          asker.send(StunCodec.encode(binding()), udp(server));
        }
        for (int i = 0; i < 200; i++) {
          asker.receive();
        }
      }
      assertEquals(4000, server.count(ServerCount.UDP_ANSWERED));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aWildcardListenerAnswersFromTheAddressThatWasAsked(boolean nio) throws IOException {
    try (StunServer server = start(nio, new TransportAddress(ip("0.0.0.0"), 0));
        UdpAsker asker = new UdpAsker("127.0.0.1")) {
      TransportAddress one = new TransportAddress(ip("127.0.0.1"), udp(server).port());
      assertEquals(one, asker.ask(binding(), one).from());
      if (!nio && ServerPlatform.choose(false).tellsOriginalDestination()) {
        for (String other : List.of("127.0.0.2", "127.99.3.4", "127.0.0.2")) {
          TransportAddress asked = new TransportAddress(ip(other), udp(server).port());
          assertEquals(asked, asker.ask(binding(), asked).from());
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void bothWildcardsLiveOnOnePort(boolean nio) throws IOException {
    if (!UdpAsker.isLocal("::1")) {
      return;
    }
    try (StunServer server = startOnBothWildcards(nio);
        UdpAsker four1 = new UdpAsker("127.0.0.1");
        UdpAsker six1 = new UdpAsker("::1")) {
      assertEquals(2, server.addresses(Transport.TCP).size());
      int port = udp(server).port();
      TransportAddress v4 = new TransportAddress(ip("127.0.0.1"), port);
      TransportAddress v6 = new TransportAddress(ip("::1"), port);
      UdpAsker.Answer answer = four1.ask(binding(), v4);
      assertEquals(v4, answer.from());
      assertEquals(
          four1.local(), answer.message().first(XorMappedAddress.class).orElseThrow().address());
      assertEquals(v6, six1.ask(binding(), v6).from());
      assertTrue(TcpAsker.ask(v4).has(XorMappedAddress.class));
      assertTrue(TcpAsker.ask(v6).has(XorMappedAddress.class));
    }
  }

  /** On a port that was free a moment ago, or else on another. */
  private static StunServer startOnBothWildcards(boolean nio) throws IOException {
    for (int attempt = 1; ; attempt++) {
      int port;
      try (DatagramSocket free = new DatagramSocket(new InetSocketAddress(ip("127.0.0.1"), 0))) {
        port = free.getLocalPort();
      }
      TransportAddress four = new TransportAddress(ip("0.0.0.0"), port);
      TransportAddress six = new TransportAddress(ip("::"), port);
      try {
        return start(nio, four, six);
      } catch (ListenException taken) {
        if (attempt == 20) {
          throw taken;
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void saysThatAPortIsTaken(boolean nio) throws IOException {
    try (StunServer server = start(nio, ANY_PORT)) {
      ListenException taken =
          assertThrows(ListenException.class, () -> start(nio, udp(server)).close());
      assertEquals(ListenException.Reason.IN_USE, taken.reason());
      assertEquals(udp(server), taken.address());
      TransportAddress everywhere = new TransportAddress(ip("0.0.0.0"), udp(server).port());
      taken = assertThrows(ListenException.class, () -> start(nio, everywhere).close());
      assertEquals(ListenException.Reason.IN_USE, taken.reason());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void saysThatAnAddressIsNotLocal(boolean nio) {
    TransportAddress elsewhere = new TransportAddress(ip("192.0.2.77"), 0);
    ListenException notLocal =
        assertThrows(ListenException.class, () -> start(nio, elsewhere).close());
    assertEquals(ListenException.Reason.NOT_LOCAL, notLocal.reason());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void freesItsPortsWhenClosed(boolean nio) throws IOException {
    TransportAddress address;
    try (StunServer server = start(nio, ANY_PORT)) {
      address = udp(server);
    }
    try (StunServer again = start(nio, address);
        UdpAsker asker = new UdpAsker("127.0.0.1")) {
      assertEquals(address, asker.ask(binding(), udp(again)).from());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void includesNoMappedAddressThatAGatewayCouldRewrite(boolean nio) throws IOException {
    try (StunServer server = start(nio, ANY_PORT);
        UdpAsker asker = new UdpAsker("127.0.0.1")) {
      StunMessage answer = asker.ask(binding(), udp(server)).message();
      answer
          .first(MappedAddress.class)
          .ifPresent(mapped -> assertEquals(asker.local(), mapped.address()));
    }
  }
}

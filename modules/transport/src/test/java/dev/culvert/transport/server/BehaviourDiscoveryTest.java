package dev.culvert.transport.server;

import static dev.culvert.transport.server.UdpAsker.binding;
import static dev.culvert.transport.server.UdpAsker.ip;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.attribute.ChangeRequest;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.MappedAddress;
import dev.culvert.stun.attribute.OtherAddress;
import dev.culvert.stun.attribute.Padding;
import dev.culvert.stun.attribute.ResponseOrigin;
import dev.culvert.stun.attribute.ResponsePort;
import dev.culvert.stun.attribute.XorMappedAddress;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 5780 §6 on two addresses and two ports: what the server says is what it does. */
class BehaviourDiscoveryTest {

  private static StunServer start(boolean nio) throws IOException {
    StunListener listener =
        StunListener.withAlternate(
            new TransportAddress(ip("127.0.0.1"), 0), new TransportAddress(ip("127.0.0.2"), 0));
    StunServerConfig config = StunServerConfig.of(List.of(listener)).withThreads(2);
    return StunServer.start(nio ? config.withNioOnly() : config);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void answersFromWhereItWasAskedToOnEveryCorner(boolean nio) throws IOException {
    if (!UdpAsker.isLocal("127.0.0.2")) {
      return;
    }
    try (StunServer server = start(nio)) {
      List<TransportAddress> corners = server.addresses(Transport.UDP);
      assertEquals(4, corners.size());
      for (int asked = 0; asked < 4; asked++) {
        for (int change = 0; change < 4; change++) {
          ChangeRequest flags =
              new ChangeRequest((change & Corners.CHANGE_IP) != 0, (change & 1) != 0);
          try (UdpAsker asker = new UdpAsker("127.0.0.1")) {
            UdpAsker.Answer answer = asker.ask(binding(flags), corners.get(asked));
            StunMessage message = answer.message();
            TransportAddress origin = corners.get(asked ^ change);
            assertEquals(origin, answer.from());
            assertEquals(origin, message.first(ResponseOrigin.class).orElseThrow().address());
            assertEquals(
                corners.get(asked ^ 3), message.first(OtherAddress.class).orElseThrow().address());
            assertEquals(
                asker.local(), message.first(XorMappedAddress.class).orElseThrow().address());
            assertEquals(asker.local(), message.first(MappedAddress.class).orElseThrow().address());
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void answersPlainRequestsWithItsAddressesToo(boolean nio) throws IOException {
    if (!UdpAsker.isLocal("127.0.0.2")) {
      return;
    }
    try (StunServer server = start(nio);
        UdpAsker asker = new UdpAsker("127.0.0.1")) {
      List<TransportAddress> corners = server.addresses(Transport.UDP);
      StunMessage message = asker.ask(binding(), corners.get(1)).message();
      assertEquals(corners.get(1), message.first(ResponseOrigin.class).orElseThrow().address());
      assertEquals(corners.get(2), message.first(OtherAddress.class).orElseThrow().address());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void sendsTheResponseToTheAskedPort(boolean nio) throws IOException {
    if (!UdpAsker.isLocal("127.0.0.2")) {
      return;
    }
    try (StunServer server = start(nio);
        UdpAsker asker = new UdpAsker("127.0.0.1");
        UdpAsker other = new UdpAsker("127.0.0.1")) {
      TransportAddress corner = server.addresses(Transport.UDP).get(0);
      StunMessage request = binding(new ResponsePort(other.local().port()));
      asker.send(StunCodec.encode(request), corner);
      UdpAsker.Answer answer = other.receive();
      assertEquals(corner, answer.from());
      assertEquals(request.transactionId(), answer.message().transactionId());
      assertEquals(
          asker.local(), answer.message().first(XorMappedAddress.class).orElseThrow().address());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void padsItsResponseAsTheRequestWasPadded(boolean nio) throws IOException {
    if (!UdpAsker.isLocal("127.0.0.2")) {
      return;
    }
    try (StunServer server = start(nio);
        UdpAsker asker = new UdpAsker("127.0.0.1")) {
      TransportAddress corner = server.addresses(Transport.UDP).get(0);
      UdpAsker.Answer answer = asker.ask(binding(new Padding(1500)), corner);
      assertEquals(1500, answer.message().first(Padding.class).orElseThrow().length());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void refusesPaddingTogetherWithResponsePort(boolean nio) throws IOException {
    if (!UdpAsker.isLocal("127.0.0.2")) {
      return;
    }
    try (StunServer server = start(nio);
        UdpAsker asker = new UdpAsker("127.0.0.1");
        UdpAsker other = new UdpAsker("127.0.0.1")) {
      TransportAddress corner = server.addresses(Transport.UDP).get(0);
      StunMessage request = binding(new Padding(1000), new ResponsePort(other.local().port()));
      asker.send(StunCodec.encode(request), corner);
      UdpAsker.Answer answer = asker.receive();
      assertEquals(ErrorCode.BAD_REQUEST, answer.message().error().orElseThrow().code());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void tellsItsAddressesOverTcpAndRefusesToAnswerFromElsewhere(boolean nio) throws IOException {
    if (!UdpAsker.isLocal("127.0.0.2")) {
      return;
    }
    try (StunServer server = start(nio)) {
      List<TransportAddress> corners = server.addresses(Transport.TCP);
      assertEquals(server.addresses(Transport.UDP), corners);
      for (int asked = 0; asked < 4; asked++) {
        try (TcpAsker asker = TcpAsker.to(corners.get(asked))) {
          asker.send(StunCodec.encode(binding()));
          StunMessage message = asker.receive();
          assertEquals(
              corners.get(asked), message.first(ResponseOrigin.class).orElseThrow().address());
          assertEquals(
              corners.get(asked ^ 3), message.first(OtherAddress.class).orElseThrow().address());
          asker.send(StunCodec.encode(binding(new ChangeRequest(true, true))));
          message = asker.receive();
          assertEquals(ErrorCode.UNKNOWN_ATTRIBUTE, message.error().orElseThrow().code());
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void leadsClientsOfRfc3489ToItsOtherAddress(boolean nio) throws IOException {
    if (!UdpAsker.isLocal("127.0.0.2")) {
      return;
    }
    try (StunServer server = start(nio);
        UdpAsker asker = new UdpAsker("127.0.0.1")) {
      List<TransportAddress> corners = server.addresses(Transport.UDP);
      Bytes request = Bytes.hex("0001 0008 00112233445566778899aabbccddeeff 0003 0004 00000006");
      asker.send(request, corners.get(0));
      UdpAsker.Answer answer = asker.receive();
      assertEquals(corners.get(3), answer.from());
      assertEquals(request.slice(4, 20), answer.wire().slice(4, 20));
      assertTrue(holds(answer.wire(), 0x0001, asker.local()), "MAPPED-ADDRESS");
      assertTrue(holds(answer.wire(), 0x0004, corners.get(3)), "SOURCE-ADDRESS");
      assertTrue(holds(answer.wire(), 0x0005, corners.get(3)), "CHANGED-ADDRESS");
      assertFalse(holds(answer.wire(), 0x0005, corners.get(0)));
    }
  }

  private static boolean holds(Bytes message, int type, TransportAddress address) {
    int port = address.port();
    Bytes attribute =
        Bytes.of(type >> 8, type, 0, 8, 0, 1, port >> 8, port)
            .concat(Bytes.wrap(address.ip().getAddress()));
    int at = 20;
    while (at < message.length()) {
      int end = at + 4 + message.uint16(at + 2);
      if (message.slice(at, end).equals(attribute)) {
        return true;
      }
      at = end + (-end & 3);
    }
    return false;
  }
}

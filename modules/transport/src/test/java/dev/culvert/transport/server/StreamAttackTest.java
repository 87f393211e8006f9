package dev.culvert.transport.server;

import static dev.culvert.transport.server.UdpAsker.binding;
import static dev.culvert.transport.server.UdpAsker.ip;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.attribute.Software;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients over TCP and TLS that mean no good. */
class StreamAttackTest {
  private static final TransportAddress ANY_PORT = new TransportAddress(ip("127.0.0.1"), 0);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final LocalTls tls;

  StreamAttackTest() throws Exception {
    tls = new LocalTls();
  }

  private StunServer start(Transport transport, ConnectionLimits limits) throws IOException {
    StunListener listener = new StunListener(ANY_PORT, Optional.empty(), Set.of(transport));
    return StunServer.start(
        StunServerConfig.of(List.of(listener), Optional.of(tls.identity()))
            .withLimits(RateLimit.STANDARD, limits));
  }

  private TcpAsker connect(Transport transport, StunServer server) throws IOException {
    TransportAddress address = server.addresses(transport).get(0);
    return transport == Transport.TLS ? tls.connect(address) : TcpAsker.to(address);
  }

  /** Over TLS each piece is a record, so that nothing on the way can join them again. */
  @ParameterizedTest
  @EnumSource(
      value = Transport.class,
      names = {"TCP", "TLS"})
  void aRequestMayBeCutAtEveryByte(Transport transport) throws IOException {
    try (StunServer server = start(transport, ConnectionLimits.STANDARD);
        TcpAsker asker = connect(transport, server)) {
      StunMessage request = binding(new Software("cut me"));
      Bytes wire = StunCodec.encode(request);
      for (int cut = 1; cut < wire.length(); cut++) {
        asker.send(wire.slice(0, cut));
        asker.send(wire.slice(cut));
        assertEquals(request.transactionId(), asker.receive().transactionId());
      }
      for (int at = 0; at < wire.length(); at++) {
        asker.send(wire.slice(at, at + 1));
      }
      assertEquals(request.transactionId(), asker.receive().transactionId());
      assertEquals(wire.length(), server.count(ServerCount.STREAM_ANSWERED));
      assertEquals(0, server.count(ServerCount.DROPPED_GARBAGE));
    }
  }

  /** A length that promises too much, lengths of no whole words, and what is no STUN at all. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0001fffc2112a442",
        "000108002112a442",
        "000100012112a442",
        "000100032112a442",
        "80010000",
        "c0010000",
        "40000000",
        "4000ffff",
        "47455420"
      })
  void whatCannotBeARequestEndsTheConnectionBeforeItIsWhole(String start) throws IOException {
    try (StunServer server = start(Transport.TCP, ConnectionLimits.STANDARD);
        TcpAsker asker = connect(Transport.TCP, server)) {
      asker.send(Bytes.hex(start));
      assertTrue(asker.isEnded());
      assertEquals(1, server.count(ServerCount.CONNECTIONS_BROKEN));
      assertEquals(0, server.count(ServerCount.STREAM_ANSWERED));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "16", "16030102000100"})
  void halfOpenTlsHandshakesAreFewAndGivenUp(String hello) throws IOException {
    ConnectionLimits three = new ConnectionLimits(3, 3, MINUTE, Duration.ofMillis(300));
    try (StunServer server = start(Transport.TLS, three)) {
      TransportAddress address = server.addresses(Transport.TLS).get(0);
      List<TcpAsker> halfOpen = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        TcpAsker asker = TcpAsker.to(address);
        asker.send(Bytes.hex(hello));
        halfOpen.add(asker);
        assertTrue(server.connections() <= 3);
      }
      for (TcpAsker asker : halfOpen) {
        asker.receiveAll();
        asker.close();
      }
      assertTrue(server.count(ServerCount.CONNECTIONS_REFUSED) > 0);
      long taken = server.count(ServerCount.CONNECTIONS);
      assertEquals(12, taken + server.count(ServerCount.CONNECTIONS_REFUSED));
    }
  }

  @Test
  void whoCameInTimeIsNotDisturbedByHalfOpenHandshakes() throws IOException {
    ConnectionLimits ten = new ConnectionLimits(10, 10, MINUTE, MINUTE);
    try (StunServer server = start(Transport.TLS, ten);
        TcpAsker good = connect(Transport.TLS, server)) {
      good.send(StunCodec.encode(binding()));
      good.receive();
      List<TcpAsker> flood = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        flood.add(TcpAsker.to(server.addresses(Transport.TLS).get(0)));
      }
      good.send(StunCodec.encode(binding()));
      assertEquals(MessageClass.SUCCESS_RESPONSE, good.receive().messageClass());
      for (TcpAsker asker : flood) {
        asker.close();
      }
    }
  }

  /** It is not read from as long as it does not read, so that nothing piles up. */
  @ParameterizedTest
  @EnumSource(
      value = Transport.class,
      names = {"TCP", "TLS"})
  void whoAsksAndNeverReadsIsNotAnsweredForEver(Transport transport) throws IOException {
    // The handshake has to fit, and the first of a process takes its time.
    Duration idle = Duration.ofSeconds(transport.isSecure() ? 5 : 1);
    ConnectionLimits limits = new ConnectionLimits(10, 10, idle, MINUTE);
    try (StunServer server = start(transport, limits);
        TcpAsker deaf = connect(transport, server)) {
      Bytes requests = StunCodec.encode(binding());
      for (int i = 0; i < 10; i++) {
        requests = requests.concat(requests);
      }
      assertTrue(deaf.isCutOffWhileSending(requests, 64_000_000), server.counts().toString());
      assertEquals(1, server.count(ServerCount.CONNECTIONS_IDLE));
    }
  }
}

package dev.culvert.transport.server;

import static dev.culvert.transport.server.UdpAsker.binding;
import static dev.culvert.transport.server.UdpAsker.ip;
import static org.junit.jupiter.api.Assertions.assertEquals;
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
import dev.culvert.stun.attribute.Software;
import dev.culvert.stun.attribute.XorMappedAddress;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TCP and TLS (RFC 8489 §6.2.2). */
class StreamServerTest {
  private static final TransportAddress ANY_PORT = new TransportAddress(ip("127.0.0.1"), 0);

  private static StunServerConfig plain(ConnectionLimits limits) {
    return StunServerConfig.of(List.of(StunListener.plain(ANY_PORT)))
        .withLimits(RateLimit.STANDARD, limits);
  }

  private static TransportAddress tcp(StunServer server) {
    return server.addresses(Transport.TCP).get(0);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void answersManyRequestsOnOneConnectionHoweverTheyAreCut(boolean nio) throws IOException {
    StunServerConfig config = plain(ConnectionLimits.STANDARD);
    Random random = new Random(9);
    try (StunServer server = StunServer.start(nio ? config.withNioOnly() : config);
        TcpAsker asker = TcpAsker.to(tcp(server))) {
      Bytes stream = Bytes.empty();
      List<StunMessage> requests = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        StunMessage request = binding(new Software("x".repeat(random.nextInt(100))));
        requests.add(request);
        stream = stream.concat(StunCodec.encode(request));
      }
      for (int at = 0; at < stream.length(); ) {
        int end = Math.min(stream.length(), at + 1 + random.nextInt(200));
        asker.send(stream.slice(at, end));
        at = end;
      }
      for (StunMessage request : requests) {
        StunMessage response = asker.receive();
        assertEquals(request.transactionId(), response.transactionId());
        assertEquals(asker.local(), response.first(XorMappedAddress.class).orElseThrow().address());
      }
      assertEquals(200, server.count(ServerCount.STREAM_ANSWERED));
    }
  }

  @Test
  void keepsTheConnectionForIndications() throws IOException {
    try (StunServer server = StunServer.start(plain(ConnectionLimits.STANDARD));
        TcpAsker asker = TcpAsker.to(tcp(server))) {
      TransactionId id = TransactionId.random(new Random(1));
      asker.send(StunCodec.encode(StunMessage.indication(Method.BINDING, id)));
      asker.send(StunCodec.encode(binding()));
      assertEquals(MessageClass.SUCCESS_RESPONSE, asker.receive().messageClass());
    }
  }

  @Test
  void endsAConnectionThatBringsSomethingElse() throws IOException {
    try (StunServer server = StunServer.start(plain(ConnectionLimits.STANDARD))) {
      for (String other : List.of("474554202f20485454502f312e310d0a", "0001ffff2112a442")) {
        try (TcpAsker asker = TcpAsker.to(tcp(server))) {
          asker.send(Bytes.hex(other));
          assertTrue(asker.isEnded());
        }
      }
      assertEquals(2, server.count(ServerCount.CONNECTIONS_BROKEN));
    }
  }

  @Test
  void endsConnectionsThatDripOrFallSilent() throws IOException {
    ConnectionLimits hasty =
        new ConnectionLimits(10, 10, Duration.ofMillis(50), Duration.ofSeconds(5));
    try (StunServer server = StunServer.start(plain(hasty));
        TcpAsker silent = TcpAsker.to(tcp(server));
        TcpAsker dripping = TcpAsker.to(tcp(server))) {
      dripping.send(StunCodec.encode(binding()).slice(0, 13));
      assertTrue(silent.isEnded());
      assertTrue(dripping.isEnded());
      assertEquals(2, server.count(ServerCount.CONNECTIONS_IDLE));
    }
  }

  @Test
  void keepsNoMoreConnectionsThanItMay() throws IOException {
    ConnectionLimits few = new ConnectionLimits(3, 3, Duration.ofMinutes(5), Duration.ofSeconds(5));
    try (StunServer server = StunServer.start(plain(few))) {
      List<TcpAsker> open = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        TcpAsker asker = TcpAsker.to(tcp(server));
        asker.send(StunCodec.encode(binding()));
        asker.receive();
        open.add(asker);
      }
      try (TcpAsker fourth = TcpAsker.to(tcp(server))) {
        assertTrue(fourth.isEnded());
      }
      assertEquals(1, server.count(ServerCount.CONNECTIONS_REFUSED));
      for (TcpAsker asker : open) {
        asker.close();
      }
      assertEquals(MessageClass.SUCCESS_RESPONSE, askOnceThereIsRoom(server).messageClass());
    }
  }

  private static StunMessage askOnceThereIsRoom(StunServer server) throws IOException {
    long begin = System.nanoTime();
    while (true) {
      try {
        return TcpAsker.ask(tcp(server));
      } catch (IOException refused) {
        if (System.nanoTime() - begin > Duration.ofSeconds(20).toNanos()) {
          throw refused;
        }
      }
    }
  }

  @Test
  void drainingFinishesWhatWasBegun() throws Exception {
    StunServer server = StunServer.start(plain(ConnectionLimits.STANDARD));
    TransportAddress address = tcp(server);
    Bytes request = StunCodec.encode(binding());
    try (TcpAsker idle = TcpAsker.to(address);
        TcpAsker busy = TcpAsker.to(address)) {
      busy.send(StunCodec.encode(binding()));
      busy.receive();
      busy.send(StunCodec.encode(binding()).concat(request.slice(0, 11)));
      busy.receive();
      Thread drain = new Thread(() -> server.drain(Duration.ofMinutes(1)));
      drain.start();
      assertTrue(idle.isEnded());
      busy.send(request.slice(11));
      assertEquals(MessageClass.SUCCESS_RESPONSE, busy.receive().messageClass());
      assertTrue(busy.isEnded());
      drain.join();
    }
    assertThrows(ConnectException.class, () -> TcpAsker.to(address).close());
  }

  @Test
  void drainingEndsAtItsDeadline() throws Exception {
    StunServer server = StunServer.start(plain(ConnectionLimits.STANDARD));
    try (TcpAsker stuck = TcpAsker.to(tcp(server))) {
      stuck.send(StunCodec.encode(binding()));
      stuck.receive();
      stuck.send(StunCodec.encode(binding()).concat(StunCodec.encode(binding()).slice(0, 11)));
      stuck.receive();
      server.drain(Duration.ofMillis(20));
      assertTrue(stuck.isEnded());
    }
  }

  @Test
  void answersOverTlsWithItsCertificate() throws Exception {
    LocalTls tls = new LocalTls();
    StunServerConfig config =
        StunServerConfig.of(List.of(StunListener.tls(ANY_PORT)), Optional.of(tls.identity()));
    try (StunServer server = StunServer.start(config)) {
      TransportAddress address = server.addresses(Transport.TLS).get(0);
      try (TcpAsker asker = tls.connect(address)) {
        for (int i = 0; i < 3; i++) {
          asker.send(StunCodec.encode(binding()));
          StunMessage response = asker.receive();
          assertEquals(
              asker.local(), response.first(XorMappedAddress.class).orElseThrow().address());
        }
      }
      try (TcpAsker plain = TcpAsker.to(address)) {
        plain.send(StunCodec.encode(binding()));
        plain.receiveAll();
      }
      assertEquals(3, server.count(ServerCount.STREAM_ANSWERED));
    }
  }
}

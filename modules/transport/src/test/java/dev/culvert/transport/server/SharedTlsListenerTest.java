package dev.culvert.transport.server;

import static dev.culvert.transport.server.RelayServerTest.ANY_PORT;
import static dev.culvert.transport.server.RelayServerTest.noise;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.Method;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.attribute.Lifetime;
import dev.culvert.transport.http.HttpReply;
import dev.culvert.transport.http.HttpService;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One TLS listener for STUN, TURN and HTTP. */
class SharedTlsListenerTest {
  private static final HttpService PAGE =
      request -> CompletableFuture.completedFuture(HttpReply.text(200, "at " + request.path()));
  private static final ConnectionLimits HASTY =
      new ConnectionLimits(100, 100, Duration.ofMillis(700), Duration.ofSeconds(10));

  private final LocalTls tls = new LocalTls();

  SharedTlsListenerTest() throws Exception {}

  private StunServerConfig config() {
    return StunServerConfig.of(List.of(StunListener.tls(ANY_PORT)), Optional.of(tls.identity()))
        .withRelay(RelayServerTest.service());
  }

  private static TransportAddress at(StunServer server) {
    return server.addresses(Transport.TLS).get(0);
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(US_ASCII));
    socket.getOutputStream().flush();
  }

  private static String readAll(Socket socket) throws IOException {
    try (InputStream in = socket.getInputStream()) {
      return new String(in.readAllBytes(), US_ASCII);
    } catch (SocketException reset) {
      return "";
    }
  }

  private static void assertEndedWithoutAWord(Socket socket) throws IOException {
    assertEquals("", readAll(socket));
  }

  /** Whichever protocols a client offers, what it sends decides. */
  @ParameterizedTest
  @CsvSource({
    "http/1.1,http/1.1",
    "'h2,http/1.1',http/1.1",
    "h2,''",
    "stun.turn,stun.turn",
    "'',''"
  })
  void answersHttp(String offered, String chosen) throws IOException {
    String[] protocols = offered.isEmpty() ? new String[0] : offered.split(",");
    try (StunServer server = StunServer.start(config().withHttp(PAGE));
        SSLSocket socket = tls.socket(at(server), protocols)) {
      assertEquals(chosen, socket.getApplicationProtocol());
      write(socket, "GET /here HTTP/1.1\r\nHost: node.example\r\nConnection: close\r\n\r\n");
      String answer = readAll(socket);
      assertTrue(answer.startsWith("HTTP/1.1 200 OK\r\n"), answer);
      assertTrue(answer.endsWith("\r\n\r\nat /here\n"), answer);
      assertEquals(1, server.count(ServerCount.CONNECTIONS_HTTP));
    }
  }

  @Test
  void answersHttpThatComesByteByByte() throws IOException {
    try (StunServer server = StunServer.start(config().withHttp(PAGE));
        SSLSocket socket = tls.socket(at(server))) {
      for (char letter : "OPTIONS / HTTP/1.0\r\n\r\n".toCharArray()) {
        write(socket, String.valueOf(letter));
      }
      assertTrue(readAll(socket).contains("at /\n"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"stun.nat-discovery", "stun.turn"})
  void answersStunThatComesByteByByte(String protocol) throws IOException {
    try (StunServer server = StunServer.start(config().withHttp(PAGE));
        SSLSocket socket = tls.socket(at(server), protocol);
        TcpAsker asker = new TcpAsker(socket)) {
      assertEquals(protocol, socket.getApplicationProtocol());
      for (byte each : StunCodec.encode(UdpAsker.binding()).toByteArray()) {
        asker.send(Bytes.of(each & 0xff));
      }
      assertEquals(MessageClass.SUCCESS_RESPONSE, asker.receive().messageClass());
    }
  }

  /** The channel's number and the length of its data spell GET and a space, more or less. */
  @Test
  void relaysForThoseWhoseChannelsLookLikeLetters() throws IOException {
    try (StunServer server = StunServer.start(config().withHttp(PAGE));
        RelayAsker client = new RelayAsker(new RelayAsker.StreamWire(tls.socket(at(server))));
        UdpAsker peer = new UdpAsker("127.0.0.1")) {
      TransportAddress relayed = client.allocate();
      client.bind(0x4745, peer.local());
      for (int length : new int[] {1, 0x5420}) {
        client.sendData(0x4745, noise(length, 1));
        assertEquals(noise(length, 1), peer.receive().wire());
      }
      peer.send(noise(700, 2), relayed);
      assertEquals(noise(700, 2), client.receiveData().data());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"PRI * HTTP/2.0\r\n\r\n", "GEX /", "SSH-2.0-x\r\n", "get / HTTP/1.1\r\n"})
  void breaksOffWhatIsNeither(String garbage) throws IOException {
    try (StunServer server = StunServer.start(config().withHttp(PAGE));
        SSLSocket socket = tls.socket(at(server))) {
      write(socket, garbage);
      assertEndedWithoutAWord(socket);
      assertEquals(1, server.count(ServerCount.CONNECTIONS_BROKEN));
      assertEquals(0, server.count(ServerCount.CONNECTIONS_HTTP));
    }
  }

  @Test
  void breaksOffHttpWhereNothingAnswersIt() throws IOException {
    try (StunServer server = StunServer.start(config());
        SSLSocket socket = tls.socket(at(server), "http/1.1", "stun.turn")) {
      assertEquals("stun.turn", socket.getApplicationProtocol());
      write(socket, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      assertEndedWithoutAWord(socket);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "GE", "GET / HT", "GET / HTTP/1.1\r\nHost: a\r\nX: "})
  void endsWhatDoesNotGoOnWhileTheRelayDoes(String beginning) throws IOException {
    StunServerConfig config = config().withHttp(PAGE).withLimits(RateLimit.STANDARD, HASTY);
    try (StunServer server = StunServer.start(config);
        RelayAsker client = allocated(server);
        UdpAsker peer = new UdpAsker("127.0.0.1")) {
      client.bind(0x4000, peer.local());
      try (SSLSocket slow = tls.socket(at(server))) {
        if (!beginning.isEmpty()) {
          write(slow, beginning);
        }
        String answer = readAll(slow);
        assertTrue(answer.isEmpty() || answer.startsWith("HTTP/1.1 408 "), answer);
      }
      client.sendData(0x4000, noise(9, 9));
      assertEquals(noise(9, 9), peer.receive().wire());
    }
  }

  /**
   * A client with an allocation, at whichever attempt it was quicker than the server's patience.
   */
  private RelayAsker allocated(StunServer server) throws IOException {
    for (int attempt = 1; ; attempt++) {
      RelayAsker client = new RelayAsker(new RelayAsker.StreamWire(tls.socket(at(server))));
      try {
        client.allocate();
        return client;
      } catch (IOException late) {
        client.close();
        if (attempt == 20) {
          throw late;
        }
      }
    }
  }

  /** Whoever asks without reading is cut off, and keeps no place for long. */
  @Test
  void endsThoseWhoDoNotReadTheirPages() throws IOException {
    HttpService large =
        request ->
            CompletableFuture.completedFuture(
                HttpReply.of(200, "text/plain", "x".repeat(8_000_000)));
    StunServerConfig config = config().withHttp(large).withLimits(RateLimit.STANDARD, HASTY);
    try (StunServer server = StunServer.start(config)) {
      for (int i = 0; i < 20 && server.count(ServerCount.CONNECTIONS_HTTP) == 0; i++) {
        // Until it was quick enough to ask at all.
        try (SSLSocket deaf = tls.socket(at(server))) {
          write(deaf, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
          while (server.connections() > 0) {
            Thread.onSpinWait();
          }
        } catch (SocketException late) {
          // It was ended before it had asked.
        }
      }
      assertEquals(1, server.count(ServerCount.CONNECTIONS_HTTP));
    }
  }

  @Test
  void countsHandshakesThatTakeTooLong() throws IOException {
    StunServerConfig config =
        config()
            .withLimits(
                RateLimit.STANDARD,
                new ConnectionLimits(10, 10, Duration.ofMinutes(1), Duration.ofMillis(200)));
    try (StunServer server = StunServer.start(config);
        Socket silent = new Socket(at(server).ip(), at(server).port())) {
      silent.setSoTimeout(60_000);
      readAll(silent);
      assertEquals(1, server.count(ServerCount.CONNECTIONS_BROKEN));
    }
  }

  /** A ClientHello of TLS 1.1 with one cipher suite, by hand: no JDK sends it any more. */
  @Test
  void tellsAClientOfAnOldVersionThatItIsTooOld() throws IOException {
    Bytes hello =
        Bytes.hex("0302" + "11".repeat(32) + "00" + "0002c014" + "0100")
            .concat(Bytes.hex("000e000a000400020017000b00020100"));
    Bytes message = Bytes.hex("010000").concat(Bytes.of(hello.length())).concat(hello);
    Bytes record = Bytes.hex("16030100").concat(Bytes.of(message.length())).concat(message);
    try (StunServer server = StunServer.start(config().withHttp(PAGE));
        Socket old = new Socket(at(server).ip(), at(server).port())) {
      old.setSoTimeout(60_000);
      old.getOutputStream().write(record.toByteArray());
      byte[] answer = old.getInputStream().readAllBytes();
      assertEquals(7, answer.length);
      assertEquals(21, answer[0], "an alert");
      assertEquals(2, answer[5], "a fatal one");
      assertEquals(70, answer[6], "protocol_version");
      // The alert leaves before the exception arrives where it is counted.
      long begin = System.nanoTime();
      while (server.count(ServerCount.CONNECTIONS_BROKEN) == 0
          && System.nanoTime() - begin < Duration.ofSeconds(10).toNanos()) {
        Thread.onSpinWait();
      }
      assertEquals(1, server.count(ServerCount.CONNECTIONS_BROKEN));
    }
  }

  @Test
  void anIdleHttpConnectionDoesNotHoldUpTheEnd() throws IOException {
    StunServer server = StunServer.start(config().withHttp(PAGE));
    try (SSLSocket undecided = tls.socket(at(server));
        SSLSocket asked = tls.socket(at(server))) {
      write(asked, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      assertEquals('H', asked.getInputStream().read());
      long begin = System.nanoTime();
      server.drain(Duration.ofMinutes(5));
      assertTrue(System.nanoTime() - begin < Duration.ofMinutes(2).toNanos());
      assertEndedWithoutAWord(undecided);
    }
  }

  @Test
  void aNewCertificateIsForThoseWhoComeAfterIt() throws Exception {
    LocalTls next = new LocalTls();
    try (StunServer server = StunServer.start(config());
        RelayAsker before = new RelayAsker(new RelayAsker.StreamWire(tls.socket(at(server))));
        UdpAsker peer = new UdpAsker("127.0.0.1")) {
      TransportAddress relayed = before.allocate();
      before.bind(0x4000, peer.local());
      server.useIdentity(next.identity());
      before.sendData(0x4000, noise(9, 9));
      assertEquals(noise(9, 9), peer.receive().wire());
      peer.send(noise(8, 8), relayed);
      assertEquals(noise(8, 8), before.receiveData().data());
      before.ask(Method.REFRESH, new Lifetime(600));
      assertEquals(1, server.allocations());
      assertThrows(SSLHandshakeException.class, () -> tls.socket(at(server)));
      try (TcpAsker after = next.connect(at(server))) {
        after.send(StunCodec.encode(UdpAsker.binding()));
        assertEquals(MessageClass.SUCCESS_RESPONSE, after.receive().messageClass());
      }
    }
  }
}

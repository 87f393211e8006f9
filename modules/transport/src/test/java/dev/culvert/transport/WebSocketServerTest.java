package dev.culvert.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.transport.http.WebSocketTerms;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client may say to a machine that takes WebSockets. */
class WebSocketServerTest {
  private static final WebSocketTerms TERMS = WebSocketTerms.of(Set.of("/", "/rdv"), "rdv.v1.json");

  private final NetworkRuntime runtime = NetworkRuntime.create();
  private final Driven server = Driven.echo(runtime);
  private final TransportAddress at =
      server.driver.listen(Listen.webSocketInClear(Loopback.at("127.0.0.1"), TERMS)).join().local();

  @AfterEach
  void close() {
    server.close();
    runtime.close();
  }

  private RawWebSocket open() throws IOException {
    return RawWebSocket.open(at, "/rdv", "rdv.v1.json");
  }

  private static String rest(RawWebSocket client) throws IOException {
    try (InputStream in = client.socket().getInputStream()) {
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    } catch (SocketException reset) {
      return "";
    }
  }

  @Test
  void putsFragmentsTogetherAndAnswersPingsBetween() throws IOException {
    try (RawWebSocket client = open()) {
      client.send(false, RawWebSocket.TEXT, "one ");
      client.send(true, RawWebSocket.PING, "still there?");
      client.send(false, RawWebSocket.CONTINUATION, "");
      client.send(true, RawWebSocket.CONTINUATION, "message");
      RawWebSocket.Frame pong = client.next();
      assertEquals(RawWebSocket.PONG, pong.opcode());
      assertEquals("still there?", pong.text());
      RawWebSocket.Frame echo = client.next();
      assertEquals("one message", echo.text());
      assertTrue(echo.last());
      assertEquals(RawWebSocket.TEXT, echo.opcode());
      assertFalse(echo.masked());
      client.send(true, RawWebSocket.PONG, "not asked for");
      client.send(true, RawWebSocket.TEXT, "and on");
      assertEquals("and on", client.next().text());
    }
    assertEquals(CloseCause.RESET, server.await(Input.Closed.class).cause());
  }

  /** A letter of two bytes may be cut in the middle. */
  @Test
  void cutsTextAnywhere() throws IOException {
    try (RawWebSocket client = open()) {
      byte[] letter = "ä".getBytes(StandardCharsets.UTF_8);
      client.send(false, RawWebSocket.TEXT, true, new byte[] {letter[0]});
      client.send(true, RawWebSocket.CONTINUATION, true, new byte[] {letter[1]});
      assertEquals("ä", client.next().text());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "text of one frame, 1009",
    "text of many frames, 1009",
    "binary, 1003",
    "no UTF-8, 1007",
    "unmasked, 1002",
    "unknown opcode, 1002",
    "nothing to continue, 1002",
    "text within text, 1002",
    "control in fragments, 1002",
    "long control, 1002",
    "status that is none, 1002"
  })
  void endsWhatBreaksTheProtocol(String how, int status) throws IOException {
    try (RawWebSocket client = open()) {
      client.send(true, RawWebSocket.TEXT, "before");
      assertEquals("before", client.next().text());
      misbehave(client, how);
      RawWebSocket.Frame close = client.next();
      assertEquals(RawWebSocket.CLOSE, close.opcode());
      assertEquals(status, close.status());
      Input.Closed closed = server.await(Input.Closed.class);
      assertEquals(CloseCause.OTHER, closed.cause());
      assertTrue(closed.detail().startsWith("the other side "), closed.detail());
      client.send(true, RawWebSocket.CLOSE, true, new byte[] {3, (byte) 0xea});
      assertEquals("before", server.passedOver().get(1).payload().utf8());
      assertEquals(2, server.passedOver().size());
    }
  }

  private static void misbehave(RawWebSocket client, String how) throws IOException {
    int most = TERMS.message();
    switch (how) {
      case "text of one frame" -> client.send(true, RawWebSocket.TEXT, "x".repeat(most + 1));
      case "text of many frames" -> {
        client.send(false, RawWebSocket.TEXT, "x".repeat(most));
        client.send(true, RawWebSocket.CONTINUATION, "x");
      }
      case "binary" -> client.send(true, RawWebSocket.BINARY, "x");
      case "no UTF-8" -> client.send(true, RawWebSocket.TEXT, true, new byte[] {(byte) 0xff});
      case "unmasked" -> client.send(true, RawWebSocket.TEXT, false, new byte[] {'x'});
      case "unknown opcode" -> client.send(true, 3, "x");
      case "nothing to continue" -> client.send(true, RawWebSocket.CONTINUATION, "x");
      case "text within text" -> {
        client.send(false, RawWebSocket.TEXT, "x");
        client.send(true, RawWebSocket.TEXT, "x");
      }
      case "control in fragments" -> client.send(false, RawWebSocket.PING, "x");
      case "long control" -> client.send(true, RawWebSocket.PING, "x".repeat(126));
      default -> client.send(true, RawWebSocket.CLOSE, true, new byte[] {3, (byte) 0xed});
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1000, bye, FINISHED, the other side closed the WebSocket: bye",
    "1001, '', FINISHED, the other side closed the WebSocket",
    "4001, a\u001bb, OTHER, the other side closed the WebSocket with status 4001: a?b"
  })
  void endsInGoodOrder(int status, String reason, CloseCause cause, String detail)
      throws IOException {
    try (RawWebSocket client = open()) {
      byte[] words = reason.getBytes(StandardCharsets.UTF_8);
      byte[] payload = new byte[2 + words.length];
      payload[0] = (byte) (status >> 8);
      payload[1] = (byte) status;
      System.arraycopy(words, 0, payload, 2, words.length);
      client.send(true, RawWebSocket.CLOSE, true, payload);
      RawWebSocket.Frame echo = client.next();
      assertEquals(RawWebSocket.CLOSE, echo.opcode());
      assertEquals(status, echo.status());
      assertTrue(client.isEnd(), "the server closes the connection");
      Input.Closed closed = server.await(Input.Closed.class);
      assertEquals(cause, closed.cause());
      assertEquals(detail, closed.detail());
    }
  }

  @Test
  void endsInGoodOrderWithoutAStatus() throws IOException {
    try (RawWebSocket client = open()) {
      client.send(true, RawWebSocket.CLOSE, true, new byte[0]);
      assertEquals(0, client.next().payload().length());
      assertTrue(client.isEnd());
      assertEquals(CloseCause.FINISHED, server.await(Input.Closed.class).cause());
    }
  }

  @Test
  void saysThatItIsDone() throws IOException {
    try (RawWebSocket client = open()) {
      Flow flow = server.await(Input.Opened.class).flow();
      server.wants(new Output.Send(flow, Bytes.utf8("last")), new Output.Close(flow.id()));
      assertEquals("last", client.next().text());
      assertEquals(1000, client.next().status());
      client.send(true, RawWebSocket.TEXT, "too late");
      client.send(true, RawWebSocket.CLOSE, true, new byte[] {3, (byte) 0xe8});
      assertTrue(client.isEnd());
    }
    assertTrue(server.bytesWithin(Duration.ZERO).isEmpty());
  }

  @Test
  void takesFramesRightBehindTheRequest() throws IOException {
    try (RawWebSocket client = RawWebSocket.connect(at)) {
      client.write(RawWebSocket.request("/", "rdv.v1.json") + "\u0081\u0082\0\0\0\0hi");
      assertTrue(client.head().contains("sec-websocket-protocol: rdv.v1.json\r\n"));
      assertEquals("hi", client.next().text());
    }
  }

  /** A connection that brought other requests before, answered or still to be. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void followsOtherRequests(boolean atOnce) throws IOException {
    String page = "GET /page HTTP/1.1\r\nHost: a\r\n\r\n";
    String upgrade = RawWebSocket.request("/rdv", "rdv.v1.json");
    try (RawWebSocket client = RawWebSocket.connect(at)) {
      client.write(atOnce ? page + upgrade : page);
      assertTrue(client.head().startsWith("HTTP/1.1 404 "));
      client.socket().getInputStream().readNBytes("there is no such thing here\n".length());
      if (!atOnce) {
        client.write(upgrade);
      }
      assertTrue(client.head().startsWith("HTTP/1.1 101 "));
      client.send(true, RawWebSocket.TEXT, "hello");
      assertEquals("hello", client.next().text());
    }
  }

  @Test
  void endsSilence() throws IOException {
    Listen listen = Listen.webSocketInClear(Loopback.at("127.0.0.1"), TERMS);
    TransportAddress hasty =
        server.driver.listen(listen.withIdleTimeout(Duration.ofMillis(200))).join().local();
    try (RawWebSocket client = RawWebSocket.open(hasty, "/rdv", "rdv.v1.json")) {
      assertEquals(1001, client.next().status());
      assertEquals(CloseCause.TIMED_OUT, server.await(Input.Closed.class).cause());
    }
  }

  @Test
  void cutsOffWhoDoesNotRead() throws IOException {
    try (RawWebSocket client = open()) {
      Flow flow = server.await(Input.Opened.class).flow();
      String much = "x".repeat(16 << 10);
      Input.Closed closed = null;
      for (int i = 0; closed == null && i < 10_000; i++) {
        server.send(flow, much);
        closed =
            server.passedOver().stream()
                .flatMap(heard -> heard.input().stream())
                .filter(Input.Closed.class::isInstance)
                .map(Input.Closed.class::cast)
                .findFirst()
                .orElse(null);
        server.bytesWithin(Duration.ZERO);
      }
      assertEquals(CloseCause.OVERFLOW, closed == null ? null : closed.cause());
      assertEquals(1, server.driver.statistics().overflows());
      assertTrue(client.socket().isConnected());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==|Sec-WebSocket-Key: short",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==|X: y",
        "Sec-WebSocket-Protocol: chat, rdv.v1.json|X: y",
        "rdv.v1.json|RDV.v1.json",
        "Connection: Upgrade|Connection: keep-alive",
        "HTTP/1.1|HTTP/1.0",
        "GET|POST",
        "Host: server.example.com|X: y",
        "X-|X-",
        "Sec-WebSocket-Version|Content-Length: 1\r\nSec-WebSocket-Version"
      })
  void refusesHandshakesThatAreNone(String change) throws IOException {
    String[] parts = change.split("\\|", -1);
    String request = RawWebSocket.request("/rdv", "rdv.v1.json").replace(parts[0], parts[1]);
    boolean same = parts[0].equals(parts[1]);
    try (RawWebSocket client = RawWebSocket.connect(at)) {
      client.write(same ? "garbage\r\n\r\n" : request + (change.contains("Length") ? "x" : ""));
      assertTrue(client.head().startsWith("HTTP/1.1 400 "));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Sec-WebSocket-Version: 13, Sec-WebSocket-Version: 8",
    "Sec-WebSocket-Version: 13, X: y",
    "Upgrade: websocket, X: y",
    "Upgrade: websocket, Upgrade: h2c"
  })
  void tellsWhatIsSpoken(String instead, String of) throws IOException {
    try (RawWebSocket client = RawWebSocket.connect(at)) {
      client.write(RawWebSocket.request("/rdv", "rdv.v1.json").replace(instead, of));
      String answer = client.head();
      assertTrue(answer.startsWith("HTTP/1.1 426 "), answer);
      assertTrue(answer.contains("\r\nUpgrade: websocket\r\n"), answer);
      assertTrue(answer.contains("\r\nSec-WebSocket-Version: 13\r\n"), answer);
    }
  }

  @Test
  void refusesOtherPathsAndHugeHeaders() throws IOException {
    try (RawWebSocket client = RawWebSocket.connect(at)) {
      client.write(RawWebSocket.request("/other", "rdv.v1.json"));
      assertTrue(client.head().startsWith("HTTP/1.1 404 "));
    }
    try (RawWebSocket client = RawWebSocket.connect(at)) {
      client.write("GET /rdv HTTP/1.1\r\nHost: a\r\nX: " + "y".repeat(20_000));
      assertTrue(client.head().startsWith("HTTP/1.1 431 "));
    }
    try (RawWebSocket client = RawWebSocket.connect(at)) {
      client.write("GET /" + "y".repeat(20_000));
      assertTrue(client.head().startsWith("HTTP/1.1 414 "));
      assertFalse(rest(client).contains("101"));
    }
    assertEquals(List.of(), server.passedOver());
  }

  /** Whatever comes in frames or instead of them, the machine hears whole messages or an end. */
  @Test
  void standsNoise() throws IOException {
    for (int seed = 0; seed < 150; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      byte[] noise = new byte[random.nextInt(1, 200)];
      random.nextBytes(noise);
      try (RawWebSocket client = seed % 3 == 0 ? RawWebSocket.connect(at) : open()) {
        try {
          if (seed % 3 == 1) {
            client.socket().getOutputStream().write(noise);
          } else {
            client.send(random.nextBoolean(), random.nextInt(16), true, noise);
            client.send(true, random.nextInt(16), random.nextBoolean(), noise);
          }
        } catch (SocketException ended) {
          // It was noise enough.
        }
      }
    }
    try (RawWebSocket client = open()) {
      client.send(true, RawWebSocket.TEXT, "after all that");
      assertEquals("after all that", client.next().text());
    }
    assertEquals(0, server.driver.statistics().machineFailures());
    assertEquals(0, server.driver.statistics().listenerFailures());
  }
}

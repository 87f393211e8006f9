package dev.culvert.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.TransportAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a server may say to a machine that asked for a WebSocket. */
class WebSocketClientTest {
  private final NetworkRuntime runtime = NetworkRuntime.create();
  private final Driven client = new Driven(runtime);
  private final ServerSocket listening;
  private final TransportAddress at;

  WebSocketClientTest() throws IOException {
    listening = new ServerSocket(0, 5, Loopback.ip("127.0.0.1"));
    listening.setSoTimeout(60_000);
    at = TransportAddress.of((InetSocketAddress) listening.getLocalSocketAddress());
  }

  @AfterEach
  void close() throws IOException {
    listening.close();
    client.close();
    runtime.close();
  }

  private RawWebSocket asked(String host) throws IOException {
    client.wants(
        new Output.OpenWebSocket(1, at, host, "/rdv?a=b", "rdv.v1.json", Optional.empty()));
    return new RawWebSocket(listening.accept());
  }

  @ParameterizedTest
  @CsvSource({"node.example, node.example", "::1, [::1]", "Bücher.example, xn--bcher-kva.example"})
  void asksAsTheStandardHasIt(String host, String field) throws IOException {
    try (RawWebSocket server = asked(host)) {
      String request = server.accept("rdv.v1.json");
      assertTrue(request.startsWith("GET /rdv?a=b HTTP/1.1\r\n"), request);
      String lower = request.toLowerCase(Locale.ROOT);
      assertTrue(lower.contains("\r\nhost: " + field + ":" + at.port() + "\r\n"), request);
      assertTrue(lower.contains("\r\nsec-websocket-protocol: rdv.v1.json\r\n"), request);
      assertTrue(lower.contains("\r\nsec-websocket-version: 13\r\n"), request);
      assertFalse(lower.contains("extensions"), request);
      Flow flow = client.await(Input.Opened.class).flow();
      client.send(flow, "one");
      client.send(flow, "one");
      RawWebSocket.Frame one = server.next();
      assertTrue(one.masked(), "clients mask");
      assertEquals("one", one.text());
      assertEquals("one", server.next().text());
    }
    assertEquals(CloseCause.RESET, client.await(Input.Closed.class).cause());
  }

  @Test
  void masksEachFrameAnew() throws IOException {
    try (RawWebSocket server = asked("node.example")) {
      server.accept("rdv.v1.json");
      Flow flow = client.await(Input.Opened.class).flow();
      client.send(flow, "\0\0\0\0");
      client.send(flow, "\0\0\0\0");
      byte[] both = server.socket().getInputStream().readNBytes(20);
      // Zeros under a mask are the mask.
      Bytes first = Bytes.wrap(both).slice(2, 6);
      assertEquals(Bytes.wrap(both).slice(6, 10), first);
      assertNotEquals(Bytes.wrap(both).slice(12, 16), first);
    }
  }

  @Test
  void takesWhatComesWithTheAnswer() throws IOException {
    try (RawWebSocket server = asked("node.example")) {
      server.accept("rdv.v1.json\r\nX: y");
      server.write("\u0081\u0002hi");
      assertEquals("hi", client.awaitBytes().payload().utf8());
      server.send(true, RawWebSocket.PING, false, new byte[] {1});
      assertEquals(RawWebSocket.PONG, server.next().opcode());
      server.send(true, RawWebSocket.CLOSE, false, new byte[] {3, (byte) 0xe9});
      assertEquals(1001, server.next().status());
      assertEquals(CloseCause.FINISHED, client.await(Input.Closed.class).cause());
    }
  }

  @Test
  void acceptsNoMaskedFramesOfAServer() throws IOException {
    try (RawWebSocket server = asked("node.example")) {
      server.accept("rdv.v1.json");
      server.send(true, RawWebSocket.TEXT, true, new byte[] {'x'});
      assertEquals(1002, server.next().status());
      Input.Closed closed = client.await(Input.Closed.class);
      assertEquals(CloseCause.OTHER, closed.cause());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP/1.1 403 Forbidden, takes no WebSocket here: it answered 403 Forbidden",
    "HTTP/1.1 302 Found, it answered 302 Found",
    "HTTP/1.1 503 \u001b[2J, it answered 503 ?[2J",
    "HTTP/1.1 101 Switching Protocols, takes no WebSocket: ",
    "SSH-2.0-OpenSSH, the server does not speak HTTP"
  })
  void tellsWhatWentWrong(String line, String detail) throws IOException {
    try (RawWebSocket server = asked("node.example")) {
      server.head();
      server.write(line + "\r\nContent-Length: 100000\r\n\r\n");
      Input.Closed closed = client.await(Input.Closed.class);
      assertEquals(CloseCause.HANDSHAKE_FAILED, closed.cause(), closed.detail());
      assertTrue(closed.detail().contains(detail), closed.detail());
      assertEquals(1, closed.detail().lines().count());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "chat, protocol",
    "'rdv.v1.json\r\nSec-WebSocket-Extensions: permessage-deflate', extension",
    "'\r\nX: y', protocol"
  })
  void insistsOnWhatItAskedFor(String subprotocol, String detail) throws IOException {
    try (RawWebSocket server = asked("node.example")) {
      server.accept(subprotocol);
      Input.Closed closed = client.await(Input.Closed.class);
      assertEquals(CloseCause.HANDSHAKE_FAILED, closed.cause(), closed.detail());
      assertTrue(closed.detail().contains(detail), closed.detail());
    }
  }

  @Test
  void tellsOfAServerThatHangsUp() throws IOException {
    try (RawWebSocket server = asked("node.example")) {
      server.head();
    }
    assertEquals(CloseCause.HANDSHAKE_FAILED, client.await(Input.Closed.class).cause());
  }

  @Test
  void forgetsWhatTheMachineGaveUp() throws IOException {
    try (RawWebSocket server = asked("node.example")) {
      assertTrue(server.head().startsWith("GET "));
      client.wants(new Output.Close(1));
      assertTrue(server.isEnd());
    }
  }
}

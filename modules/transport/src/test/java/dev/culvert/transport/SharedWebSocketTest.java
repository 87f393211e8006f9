package dev.culvert.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.identity.CertifiedKey;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.ServerIdentity;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.transport.http.HttpReply;
import dev.culvert.transport.http.WebSocketTerms;
import dev.culvert.transport.server.ConnectionLimits;
import dev.culvert.transport.server.StunListener;
import dev.culvert.transport.server.StunServer;
import dev.culvert.transport.server.StunServerConfig;
import dev.culvert.transport.server.TlsIdentity;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** WebSockets on the TLS listener of a server, whose loops are not the machine's. */
class SharedWebSocketTest {
  private static final WebSocketTerms TERMS = WebSocketTerms.of(Set.of("/", "/rdv"), "rdv.v1.json");
  private static final CertifiedKey KEY =
      Certified.issued(
          Certified.AUTHORITY, Certified.spec(List.of(), List.of(Loopback.ip("127.0.0.1"))));
  private static final Duration LONG = Duration.ofSeconds(20);

  private final NetworkRuntime runtime = NetworkRuntime.create();
  private final Driven node = Driven.echo(runtime);
  private final Driven client = new Driven(runtime);

  @AfterEach
  void close() {
    client.close();
    node.close();
    runtime.close();
  }

  private StunServer start(ConnectionLimits limits) throws Exception {
    StunServerConfig config =
        StunServerConfig.of(
                List.of(StunListener.tls(Loopback.at("127.0.0.1"))),
                Optional.of(new TlsIdentity(KEY.privateKey(), KEY.chain())))
            .withThreads(2)
            .withHttp(
                request ->
                    CompletableFuture.completedFuture(
                        HttpReply.text(request.path().equals("/") ? 200 : 404, "a page")))
            .withWebSockets(node.driver.webSockets(TERMS));
    return StunServer.start(config.withLimits(config.rateLimit(), limits));
  }

  private static TransportAddress at(StunServer server) {
    return server.addresses(Transport.TLS).get(0);
  }

  private Flow open(StunServer server, long id) {
    client.wants(wanted(server, id));
    return client.await(Input.Opened.class).flow();
  }

  private static Output.OpenWebSocket wanted(StunServer server, long id) {
    return new Output.OpenWebSocket(
        id,
        at(server),
        "127.0.0.1",
        "/rdv",
        "rdv.v1.json",
        Optional.of(new ServerIdentity.PinnedKey(KEY.pin().sha256())));
  }

  private static SSLContext trusting() throws Exception {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    store.setCertificateEntry("authority", Certified.AUTHORITY.certificate());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  private static String get(StunServer server, String path) throws Exception {
    try (Socket socket =
        trusting().getSocketFactory().createSocket(at(server).ip(), at(server).port())) {
      socket
          .getOutputStream()
          .write(
              ("GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                  .getBytes(US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), US_ASCII);
    }
  }

  @Test
  void sharesAListenerWithPages() throws Exception {
    try (StunServer server = start(ConnectionLimits.STANDARD)) {
      Flow flow = open(server, 1);
      client.send(flow, "hello");
      assertEquals("hello", client.awaitBytes().payload().utf8());
      assertTrue(get(server, "/").startsWith("HTTP/1.1 200 "));
      assertTrue(get(server, "/rdv").startsWith("HTTP/1.1 426 "));
      assertTrue(get(server, "/nothing").startsWith("HTTP/1.1 404 "));
      client.wants(new Output.Close(1));
      assertEquals(CloseCause.FINISHED, node.await(Input.Closed.class).cause());
    }
  }

  @Test
  void keepsTheOrderOfMessagesBetweenLoops() throws Exception {
    int many = 3000;
    try (StunServer server = start(ConnectionLimits.STANDARD)) {
      List<Flow> flows = List.of(open(server, 1), open(server, 2), open(server, 3));
      for (int i = 0; i < many; i++) {
        client.send(flows.get(i % 3), String.valueOf(i));
        if (i % 3 == 2) {
          for (int back = 0; back < 3; back++) {
            ScriptedMachine.Heard heard = client.awaitBytes();
            long id = heard.flow().orElseThrow().id();
            assertEquals(String.valueOf(i - 3 + id), heard.payload().utf8());
          }
        }
      }
      // No more than may wait to be sent, should one of the loops lag.
      int burst = 800;
      for (int i = 0; i < burst; i++) {
        client.send(flows.get(0), "burst " + i);
      }
      for (int i = 0; i < burst; i++) {
        assertEquals("burst " + i, client.awaitBytes().payload().utf8());
      }
    }
  }

  /** What is not handled yet stops the reading; once it is, reading goes on. */
  @Test
  void waitsForAMachineThatLags() throws Exception {
    try (NetworkRuntime other = NetworkRuntime.create();
        Driven sender = new Driven(other);
        StunServer server = start(ConnectionLimits.STANDARD)) {
      sender.wants(wanted(server, 1));
      Flow flow = sender.await(Input.Opened.class).flow();
      CountDownLatch lag = new CountDownLatch(1);
      node.driver.execute(
          now -> {
            try {
              lag.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
      // More than may wait for the machine, and less than may wait to be sent.
      int sent = 14;
      String text = "x".repeat(16 << 10);
      for (int i = 0; i < sent; i++) {
        sender.send(flow, text);
      }
      lag.countDown();
      for (int i = 0; i < sent; i++) {
        assertEquals(text.length(), sender.awaitBytes().payload().length());
      }
    }
  }

  @Test
  void cutsOffWhoDoesNotRead() throws Exception {
    try (StunServer server = start(ConnectionLimits.STANDARD);
        Socket socket =
            trusting().getSocketFactory().createSocket(at(server).ip(), at(server).port())) {
      socket.getOutputStream().write(RawWebSocket.request("/", "rdv.v1.json").getBytes(US_ASCII));
      Flow flow = node.await(Input.Opened.class).flow();
      String much = "x".repeat(16 << 10);
      boolean over = false;
      for (int i = 0; !over && i < 10_000; i++) {
        node.send(flow, much);
        node.bytesWithin(Duration.ZERO);
        over =
            node.passedOver().stream()
                .flatMap(heard -> heard.input().stream())
                .anyMatch(
                    input ->
                        input instanceof Input.Closed closed
                            && closed.cause() == CloseCause.OVERFLOW);
      }
      assertTrue(over, "256 KiB wait at most");
    }
  }

  /** What waits for another loop takes room even if there is not a byte in it. */
  @Test
  void cutsOffWhoIsToldTooManySmallThingsAtOnce() throws Exception {
    try (StunServer server = start(ConnectionLimits.STANDARD)) {
      open(server, 1);
      Flow flow = node.await(Input.Opened.class).flow();
      Output nothing = new Output.Send(flow, Bytes.empty());
      node.wants(Collections.nCopies(1100, nothing).toArray(Output[]::new));
      assertEquals(CloseCause.OVERFLOW, node.await(Input.Closed.class).cause());
    }
  }

  @Test
  void leavesThePlacesOfOthers() throws Exception {
    ConnectionLimits one = new ConnectionLimits(1, 1, LONG, LONG);
    try (StunServer server = start(one)) {
      Flow first = open(server, 1);
      Flow second = open(server, 2);
      client.send(first, "first");
      assertEquals("first", client.awaitBytes().payload().utf8());
      client.send(second, "second");
      assertEquals("second", client.awaitBytes().payload().utf8());
    }
  }

  @Test
  void drainsOnceTheMachineIsDone() throws Exception {
    try (StunServer server = start(ConnectionLimits.STANDARD)) {
      Flow flow = open(server, 1);
      CompletableFuture<Long> drained = CompletableFuture.supplyAsync(() -> server.drain(LONG));
      client.send(flow, "still here");
      assertEquals("still here", client.awaitBytes().payload().utf8());
      node.wants(new Output.Close(node.await(Input.Opened.class).flow().id()));
      assertEquals(CloseCause.FINISHED, client.await(Input.Closed.class).cause());
      assertEquals(0, drained.get(60, TimeUnit.SECONDS));
    }
  }

  @Test
  void takesNobodyForAMachineThatIsGone() throws Exception {
    try (StunServer server = start(ConnectionLimits.STANDARD)) {
      open(server, 1);
      node.close();
      assertEquals(CloseCause.FINISHED, client.await(Input.Closed.class).cause());
      client.wants(wanted(server, 2));
      Input.Closed closed = client.await(Input.Closed.class);
      assertTrue(closed.detail().endsWith("503 Service Unavailable"), closed.detail());
    }
  }

  /** The JDK's client knows nothing of ours. */
  @Test
  void servesStrangers() throws Exception {
    try (StunServer server = start(ConnectionLimits.STANDARD)) {
      Stranger stranger = new Stranger();
      WebSocket socket =
          HttpClient.newBuilder()
              .sslContext(trusting())
              .build()
              .newWebSocketBuilder()
              .subprotocols("rdv.v1.json", "chat")
              .buildAsync(URI.create("wss://127.0.0.1:" + at(server).port() + "/rdv"), stranger)
              .get(60, TimeUnit.SECONDS);
      assertEquals("rdv.v1.json", socket.getSubprotocol());
      socket.sendText("in ", false).get(60, TimeUnit.SECONDS);
      socket.sendText("pieces", true).get(60, TimeUnit.SECONDS);
      assertEquals("in pieces", stranger.next());
      socket.sendPing(ByteBuffer.wrap(new byte[] {7})).get(60, TimeUnit.SECONDS);
      assertEquals("pong 7", stranger.next());
      socket.sendClose(WebSocket.NORMAL_CLOSURE, "done").get(60, TimeUnit.SECONDS);
      assertEquals("closed 1000", stranger.next());
      assertEquals(CloseCause.FINISHED, node.await(Input.Closed.class).cause());
    }
  }

  private static final class Stranger implements WebSocket.Listener {
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    String next() throws InterruptedException {
      return String.valueOf(heard.poll(20, TimeUnit.SECONDS));
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      heard.add(data.toString());
      socket.request(1);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
      heard.add("pong " + message.get());
      socket.request(1);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
      heard.add("closed " + status);
      return CompletableFuture.completedFuture(null);
    }
  }
}

package dev.culvert.transport.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.TransportAddress;
import dev.culvert.transport.server.HttpListener;
import dev.culvert.transport.server.ListenException;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpListenerTest {
  private static final TransportAddress ANYWHERE =
      new TransportAddress(InetAddress.getLoopbackAddress(), 0);

  /** For what is to be late. */
  private static final HttpLimits SHORT =
      new HttpLimits(1024, 16, Duration.ofMillis(300), Duration.ofSeconds(20), 64);

  /** For what is to be in time, also where the machine is busy. */
  private static final HttpLimits LONG =
      new HttpLimits(1024, 16, Duration.ofSeconds(20), Duration.ofSeconds(20), 4);

  private static final String GET = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

  private final List<HttpListener> open = new ArrayList<>();
  private final List<HttpRequest> seen = new ArrayList<>();

  @AfterEach
  void close() {
    open.forEach(HttpListener::close);
  }

  private TransportAddress serve(HttpService service, HttpLimits limits) throws ListenException {
    HttpListener listener =
        HttpListener.open(
            ANYWHERE, service, limits, HttpHosts.addressesAnd(Set.of("Node.example")));
    open.add(listener);
    return listener.address();
  }

  /** Tells the path and remembers the request. */
  private CompletionStage<HttpReply> echo(HttpRequest request) {
    synchronized (seen) {
      seen.add(request);
    }
    return CompletableFuture.completedFuture(HttpReply.text(200, request.path()));
  }

  private TransportAddress echo() throws ListenException {
    return serve(this::echo, LONG);
  }

  private static String field(RawHttp.Answer answer, String name) {
    return answer.fields().getOrDefault(name, "");
  }

  @Test
  void answersAndGoesOn() throws IOException {
    try (RawHttp http = new RawHttp(echo())) {
      for (int i = 0; i < 3; i++) {
        http.send("GET /a%20b?x=%31 HTTP/1.1\r\nHost: [::1]:80\r\nAuthorization: Bearer t\r\n\r\n");
        RawHttp.Answer answer = http.answer();
        assertEquals(200, answer.status());
        assertEquals("/a b\n", answer.body());
        assertEquals("no-store", answer.fields().get("cache-control"));
        assertEquals("nosniff", answer.fields().get("x-content-type-options"));
        assertTrue(field(answer, "content-security-policy").startsWith("default-src 'none'"));
        assertTrue(field(answer, "date").endsWith(" GMT"));
      }
    }
    assertEquals("x=%31", seen.get(0).query());
    assertEquals("Bearer t", seen.get(0).field("AUTHORIZATION").orElseThrow());
  }

  @Test
  void headHasTheLengthAlone() throws IOException {
    try (RawHttp http = new RawHttp(echo())) {
      http.send("HEAD /abc HTTP/1.1\r\nHost: localhost\r\n\r\n" + GET);
      RawHttp.Answer head = http.answer(false);
      assertEquals("5", head.fields().get("content-length"));
      assertEquals("/\n", http.answer().body());
    }
  }

  @Test
  void requestsInOneGoAreAnsweredInOrder() throws IOException {
    TransportAddress server =
        serve(
            request -> {
              CompletableFuture<HttpReply> reply = new CompletableFuture<>();
              Thread later = new Thread(() -> reply.complete(HttpReply.text(200, request.path())));
              later.start();
              return reply;
            },
            LONG);
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      all.append("GET /").append(i).append(" HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }
    try (RawHttp http = new RawHttp(server)) {
      http.send(all.toString());
      for (int i = 0; i < 20; i++) {
        assertEquals("/" + i + "\n", http.answer().body());
      }
    }
  }

  @Test
  void whoAsksForTooMuchAtOnceGetsTheFirstAnswers() throws IOException {
    TransportAddress server = echo();
    try (RawHttp http = new RawHttp(server)) {
      http.send(GET.repeat(1000));
      int answers = 0;
      boolean last = false;
      while (!last) {
        last = "close".equals(http.answer().fields().get("connection"));
        answers++;
      }
      assertTrue(answers >= 64, () -> "too few answers");
      assertTrue(answers <= 1000);
    } catch (IOException reset) {
      // Closing with unread requests may take the answers with it.
    }
    assertEquals(200, RawHttp.get(server, "/").status());
  }

  @Test
  void bytesMayComeOneByOne() throws IOException {
    TransportAddress server = echo();
    try (RawHttp http = new RawHttp(server)) {
      for (byte each :
          "POST /x HTTP/1.1\r\nhost:127.0.0.1:1\r\ncontent-length: 3\r\n\r\nabc"
              .getBytes(StandardCharsets.US_ASCII)) {
        http.send(new byte[] {each});
      }
      assertEquals("/x\n", http.answer().body());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          400 | GET / HTTP/1.1~~
          400 | GET / HTTP/1.1~Host: a~Host: a~~
          400 | GET / HTTP/1.1~Host: a/b~~
          400 | GET / HTTP/1.1~Host: 127.0.0.1:x~~
          400 | GET /%zz HTTP/1.1~Host: localhost~~
          400 | GET /%00 HTTP/1.1~Host: localhost~~
          400 | GET /%c3%28 HTTP/1.1~Host: localhost~~
          400 | GET x HTTP/1.1~Host: localhost~~
          400 | GET ftp://localhost/ HTTP/1.1~Host: localhost~~
          400 | POST / HTTP/1.1~Host: localhost~Content-Length: 1~Content-Length: 2~~
          400 | POST / HTTP/1.1~Host: localhost~Content-Length: x~~
          400 | POST / HTTP/1.1~Host: localhost~Content-Length: 3~Transfer-Encoding: chunked~~
          400 | POST / HTTP/1.1~Host: localhost~Transfer-Encoding: chunked~~zz~
          413 | POST / HTTP/1.1~Host: localhost~Content-Length: 17~~
          413 | POST / HTTP/1.1~Host: localhost~Transfer-Encoding: chunked~~12~123456789012345678~
          417 | POST / HTTP/1.1~Host: localhost~Content-Length: 1~Expect: 100-continue~~
          421 | GET / HTTP/1.1~Host: evil.example~~
          421 | GET / HTTP/1.1~Host: node.example.evil.example:9478~~
          421 | GET / HTTP/1.1~Host: 127.0.0.1.evil.example~~
          501 | BREW / HTTP/1.1~Host: localhost~~
          505 | GET / HTTP/2.0~Host: localhost~~
          505 | PRI * HTTP/2.0~~SM~~
          """)
  void refuses(int status, String request) throws IOException {
    try (RawHttp http = new RawHttp(echo())) {
      http.send(request.replace("~", "\r\n"));
      RawHttp.Answer answer = http.answer();
      assertEquals(status, answer.status(), answer.body());
      assertEquals("close", answer.fields().get("connection"));
      assertEquals("nosniff", answer.fields().get("x-content-type-options"));
      assertEquals(1, answer.body().lines().count(), answer.body());
    }
    assertTrue(seen.isEmpty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GET / HTTP/1.1~Host: node.EXAMPLE.~~
          GET / HTTP/1.1~Host: node.example:9478~~
          GET / HTTP/1.1~Host: [2001:db8::1]:9478~~
          GET / HTTP/1.1~Host: 192.0.2.1~~
          GET / HTTP/1.1~Host: a.localhost~~
          GET http://localhost/ HTTP/1.1~Host: localhost~~
          GET / HTTP/1.0~~
          POST / HTTP/1.1~Host: localhost~Transfer-Encoding: chunked~~3~abc~0~~
          """)
  void accepts(String request) throws IOException {
    try (RawHttp http = new RawHttp(echo())) {
      http.send(request.replace("~", "\r\n"));
      assertEquals("/\n", http.answer().body());
    }
  }

  @Test
  void http10AndCloseEndTheConnection() throws IOException {
    TransportAddress server = echo();
    for (String request :
        List.of(
            "GET / HTTP/1.0\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a.localhost\r\nConnection: close\r\n\r\n")) {
      try (RawHttp http = new RawHttp(server)) {
        http.send(request);
        assertEquals("close", http.answer().fields().get("connection"));
        assertTrue(http.isEnded());
      }
    }
  }

  @Test
  void longLinesAndHeadersAreRefused() throws IOException {
    TransportAddress server = echo();
    try (RawHttp http = new RawHttp(server)) {
      http.send("GET /" + "a".repeat(2000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
      assertEquals(414, http.answer().status());
    }
    try (RawHttp http = new RawHttp(server)) {
      http.send("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "a".repeat(2000) + "\r\n\r\n");
      assertEquals(431, http.answer().status());
    }
    try (RawHttp http = new RawHttp(server)) {
      http.send("GET / HTTP/1.1\r\nHost: localhost\r\n" + "X: a\r\n".repeat(500));
      assertEquals(431, http.answer().status());
    }
  }

  @Test
  void slowRequestsAreGivenUp() throws IOException {
    TransportAddress server = serve(this::echo, SHORT);
    for (String begin :
        List.of(
            "G",
            "GET / HTTP/1.1\r\nHost: loc",
            "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nab")) {
      try (RawHttp http = new RawHttp(server)) {
        http.send(GET);
        assertEquals(200, http.answer().status());
        http.send(begin);
        assertEquals(408, http.answer().status(), begin);
        assertTrue(http.isEnded());
      }
    }
  }

  @Test
  void whoSaysNothingIsClosed() throws IOException {
    TransportAddress server =
        serve(
            this::echo,
            new HttpLimits(1024, 16, Duration.ofSeconds(20), Duration.ofMillis(300), 4));
    try (RawHttp http = new RawHttp(server)) {
      assertTrue(http.isEnded());
    }
    assertTrue(isEndedAfterAnAnswer(server));
  }

  private static boolean isEndedAfterAnAnswer(TransportAddress server) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try (RawHttp http = new RawHttp(server)) {
        http.send(GET);
        assertEquals(200, http.answer().status());
        return http.isEnded();
      } catch (IOException late) {
        // The server was quicker.
        if (attempt == 20) {
          throw late;
        }
      }
    }
  }

  @Test
  void servicesThatFailTellNothing() throws IOException {
    TransportAddress server =
        serve(
            request ->
                switch (request.path()) {
                  case "/thrown" -> throw new IllegalStateException("secret");
                  case "/failed" ->
                      CompletableFuture.failedFuture(new IllegalStateException("secret"));
                  case "/never" -> new CompletableFuture<>();
                  case "/field" ->
                      CompletableFuture.completedFuture(
                          HttpReply.text(200, "x").with("X-Split", "a\r\nSet-Cookie: b"));
                  default -> CompletableFuture.completedFuture(HttpReply.notAllowed("GET"));
                },
            SHORT);
    for (String path : List.of("/thrown", "/failed", "/field")) {
      RawHttp.Answer answer = RawHttp.get(server, path);
      assertEquals(500, answer.status());
      assertFalse(answer.body().contains("secret"));
      assertFalse(answer.fields().containsKey("set-cookie"));
    }
    assertEquals(503, RawHttp.get(server, "/never").status());
    assertEquals("GET", RawHttp.get(server, "/other").fields().get("allow"));
  }

  @Test
  void connectionsAreBounded() throws IOException {
    TransportAddress server = echo();
    List<RawHttp> all = new ArrayList<>();
    for (int i = 0; i < LONG.connections(); i++) {
      RawHttp http = new RawHttp(server);
      all.add(http);
      http.send(GET);
      assertEquals(200, http.answer().status());
    }
    try (RawHttp further = new RawHttp(server)) {
      assertTrue(further.isEnded());
    }
    for (RawHttp http : all) {
      http.send(GET);
      assertEquals(200, http.answer().status());
      http.close();
    }
  }

  @Test
  void garbageEndsItsOwnConnectionAlone() throws IOException {
    long seed = 20261123;
    Random random = new Random(seed);
    TransportAddress server = serve(this::echo, SHORT);
    for (int i = 0; i < 200; i++) {
      byte[] garbage = new byte[1 + random.nextInt(3000)];
      random.nextBytes(garbage);
      garbage[0] = (byte) ('!' + random.nextInt(90));
      try (RawHttp http = new RawHttp(server)) {
        http.send(garbage);
        http.send("\r\n\r\n");
        int status = http.answer().status();
        assertTrue(status >= 400 && status != 500, "status " + status + ", seed " + seed);
      } catch (IOException closed) {
        // The server may have closed with bytes of ours unread.
      }
    }
    assertEquals(200, RawHttp.get(server, "/").status());
  }

  @Test
  void aTakenAddressIsSaidSo() throws IOException {
    TransportAddress taken = echo();
    ListenException refused =
        assertThrows(
            ListenException.class,
            () -> HttpListener.open(taken, this::echo, SHORT, HttpHosts.ANY));
    assertEquals(ListenException.Reason.IN_USE, refused.reason());
  }
}

package dev.culvert.cli.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.LongTermServer;
import dev.culvert.stun.Method;
import dev.culvert.stun.attribute.Lifetime;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node's management address answers, and whom. */
class ManagementTest {
  @TempDir Path files;

  /** Hands out nonces once somebody says so. */
  private record SlowNonces(LongTermServer.Nonces quick, CountDownLatch asked, CountDownLatch goOn)
      implements LongTermServer.Nonces {
    @Override
    public String issue(TransportAddress client) {
      asked.countDown();
      try {
        goOn.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return quick.issue(client);
    }

    @Override
    public boolean isValid(String nonce, TransportAddress client) {
      return quick.isValid(nonce, client);
    }
  }

  @Test
  void isWellAndReady() throws Exception {
    try (ManagedNode node = new ManagedNode(Optional.empty())) {
      for (String path : List.of("/health", "/ready")) {
        HttpResponse<String> answer = node.get(path);
        assertEquals(200, answer.statusCode(), answer.body());
        assertEquals("ok\n", answer.body());
        assertEquals(
            "{\"status\":\"ok\",\"reasons\":[]}\n", node.get(path + "?format=json").body());
        assertEquals(
            "application/json",
            node.get(path, "Accept", "application/json")
                .headers()
                .firstValue("content-type")
                .orElse(""));
      }
    }
  }

  @Test
  void isNotWellWhileAnEventLoopHangs() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    try (ManagedNode node =
        new ManagedNode(Optional.empty(), quick -> new SlowNonces(quick, asked, goOn), 10)) {
      Thread client =
          new Thread(
              () -> {
                try (RelayProcessClient relayed = node.allocate("alice", "secret")) {
                  relayed.ask(Method.REFRESH, new Lifetime(0));
                } catch (IOException e) {
                  // It is only to make the loop ask for a nonce.
                }
              });
      client.start();
      assertTrue(asked.await(20, TimeUnit.SECONDS));
      HttpResponse<String> hanging = node.get("/health");
      assertEquals(503, hanging.statusCode());
      assertTrue(hanging.body().matches("event loop [01] does not answer\n"), hanging.body());
      goOn.countDown();
      client.join(20_000);
      assertEquals(200, node.get("/health").statusCode());
    } finally {
      goOn.countDown();
    }
  }

  @Test
  void isNotWellWhileItDrains() throws Exception {
    try (ManagedNode node = new ManagedNode(Optional.empty());
        RelayProcessClient client = node.allocate("alice", "secret")) {
      Thread drain = new Thread(() -> node.server.drain(Duration.ofSeconds(20)));
      drain.start();
      while (!node.server.supervision().isDraining()) {
        Thread.onSpinWait();
      }
      HttpResponse<String> draining = node.get("/health?format=json");
      assertEquals(503, draining.statusCode());
      assertEquals("{\"status\":\"failing\",\"reasons\":[\"draining\"]}\n", draining.body());
      assertTrue(node.get("/metrics").body().contains("\nculvert_draining 1.0\n"));
      client.ask(Method.REFRESH, new Lifetime(0));
      drain.join(20_000);
      assertTrue(node.get("/health").body().contains("the listeners are closed"));
    }
  }

  @Test
  void aFullRelayIsWellAndNotReady() throws Exception {
    try (ManagedNode node = new ManagedNode(Optional.empty(), nonces -> nonces, 1);
        RelayProcessClient client = node.allocate("alice", "secret")) {
      assertEquals(200, node.get("/health").statusCode());
      HttpResponse<String> full = node.get("/ready");
      assertEquals(503, full.statusCode());
      assertEquals("the relay has all the allocations that it may have\n", full.body());
      client.ask(Method.REFRESH, new Lifetime(0));
      assertEquals(200, node.get("/ready").statusCode());
    }
  }

  @Test
  void thePageShowsWhatItShouldAndHidesUsersAndMarkup() throws Exception {
    try (ManagedNode node = new ManagedNode(Optional.empty());
        RelayProcessClient client = node.allocate("bob <b>", "other")) {
      assertEquals(400, client.ask(Method.CHANNEL_BIND).error().orElseThrow().code());
      HttpResponse<String> answer = node.get("/");
      String page = answer.body();
      assertEquals("text/html; charset=utf-8", answer.headers().firstValue("content-type").get());
      assertTrue(page.contains("&lt;b&gt;&amp;&#39;realm&#39;&lt;/b&gt;"), page);
      assertTrue(page.contains("127.0.0.1:" + node.port()), page);
      assertTrue(page.contains("1 of 10,000"), page);
      assertTrue(page.contains("Refused: 400 Bad Request</th><td>1<"), page);
      assertTrue(page.contains("http-equiv=\"refresh\""), page);
      assertFalse(page.contains("<script") || page.contains("<b>") || page.contains("bob"), page);
      String policy = answer.headers().firstValue("content-security-policy").orElse("");
      assertTrue(policy.matches("default-src 'none'; style-src 'sha256-[^']{44}'; .*"), policy);
      assertEquals("no-store", answer.headers().firstValue("cache-control").orElse(""));
      assertTrue(node.get("/", "Accept", "application/json").body().startsWith("{\"schema\""));
    }
  }

  @Test
  void refusesOtherMethodsPathsAndNames() throws Exception {
    try (ManagedNode node = new ManagedNode(Optional.empty())) {
      HttpResponse<String> posted = node.send("POST", "/metrics");
      assertEquals(405, posted.statusCode());
      assertEquals("GET, HEAD", posted.headers().firstValue("allow").orElse(""));
      assertEquals(404, node.get("/etc/passwd").statusCode());
      assertEquals(404, node.get("/metrics/").statusCode());
      assertEquals("", node.send("HEAD", "/metrics").body());
      assertTrue(raw(node, "evil.example").startsWith("HTTP/1.1 421 "));
      assertTrue(raw(node, "node.example:9478").startsWith("HTTP/1.1 200 "));
    }
  }

  private static String raw(ManagedNode node, String host) throws IOException {
    TransportAddress address = node.management.address();
    try (Socket socket = new Socket(address.ip(), address.port())) {
      socket.setSoTimeout(60_000);
      String request = "GET /health HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void allocationsNeedTheToken() throws Exception {
    Path file = files.resolve("token");
    try (ManagedNode node = new ManagedNode(Optional.of(file));
        RelayProcessClient client = node.allocate("alice", "secret")) {
      assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
      for (String method : List.of("GET", "DELETE")) {
        for (String path : List.of("/allocations", "/allocations/257", "/allocations?user=alice")) {
          assertEquals(401, node.send(method, path).statusCode());
          HttpResponse<String> wrong =
              node.send(method, path, "Authorization", "Bearer " + node.token() + "x");
          assertEquals(401, wrong.statusCode());
          assertFalse(wrong.body().contains("alice"));
          assertTrue(wrong.headers().firstValue("www-authenticate").isPresent());
        }
      }
      assertEquals(1, node.server.allocations());
      client.ask(Method.REFRESH, new Lifetime(0));
    }
    assertFalse(Files.exists(file), "the token outlived its node");
    try (ManagedNode node = new ManagedNode(Optional.empty())) {
      assertEquals(403, node.get("/allocations", "Authorization", "Bearer ").statusCode());
    }
  }

  @Test
  void listsInPagesAndDrops() throws Exception {
    try (ManagedNode node = new ManagedNode(Optional.of(files.resolve("token")));
        RelayProcessClient first = node.allocate("alice", "secret");
        RelayProcessClient second = node.allocate("bob <b>", "other");
        RelayProcessClient third = node.allocate("alice", "secret")) {
      String[] known = {"Authorization", "Bearer " + node.token()};
      String page = node.get("/allocations?limit=2", known).body();
      assertTrue(page.matches("(?s).*\"next\":\\d+}\n"), page);
      String next = page.replaceAll("(?s).*\"next\":(\\d+)}\n", "$1");
      String rest = node.get("/allocations?limit=2&after=" + next, known).body();
      assertTrue(rest.endsWith("\"next\":null}\n"), rest);
      assertEquals(400, node.get("/allocations?limit=0", known).statusCode());
      assertEquals(400, node.get("/allocations?after=-1", known).statusCode());
      assertEquals(200, node.get("/allocations?limit=999999999999", known).statusCode());
      assertEquals(400, node.send("DELETE", "/allocations", known).statusCode());
      assertEquals(404, node.send("DELETE", "/allocations/99999", known).statusCode());
      assertEquals(404, node.send("DELETE", "/allocations/x", known).statusCode());
      assertEquals(405, node.send("PUT", "/allocations", known).statusCode());
      assertEquals(
          "{\"dropped\":1}\n", node.send("DELETE", "/allocations?user=bob+%3Cb%3E", known).body());
      assertEquals(437, second.ask(Method.REFRESH, new Lifetime(600)).error().orElseThrow().code());
      assertTrue(first.ask(Method.REFRESH, new Lifetime(600)).error().isEmpty());
      String left = node.get("/allocations", known).body();
      String id = left.replaceAll("(?s)[^{]*\\{[^{]*\\{\"id\":(\\d+),.*", "$1");
      assertEquals("{\"dropped\":1}\n", node.send("DELETE", "/allocations/" + id, known).body());
      assertEquals(404, node.send("DELETE", "/allocations/" + id, known).statusCode());
      assertEquals(1, node.server.allocations());
      third.ask(Method.REFRESH, new Lifetime(0));
    }
  }
}

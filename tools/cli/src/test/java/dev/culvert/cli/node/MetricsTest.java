package dev.culvert.cli.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.stun.Method;
import dev.culvert.stun.attribute.RequestedTransport;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What monitoring reads of a node. */
class MetricsTest {
  private static final Path TABLE = Path.of("../../docs/metrics.md");

  /** Of these there is nothing before the first collection. */
  private static final String LATER = "after the first collection";

  /** A cell with TLS, which this node does not speak. */
  private static final String TLS_ONLY = "with TLS or DTLS";

  private static PrometheusText scrape(ManagedNode node) throws Exception {
    HttpResponse<String> answer = node.get("/metrics");
    assertEquals(200, answer.statusCode());
    assertEquals(
        "text/plain; version=0.0.4; charset=utf-8",
        answer.headers().firstValue("content-type").orElse(""));
    return PrometheusText.parse(answer.body());
  }

  @Test
  void theTableAndTheOutputAgree() throws Exception {
    Set<String> always = new TreeSet<>();
    Set<String> documented = new TreeSet<>();
    for (String line : Files.readAllLines(TABLE)) {
      Matcher row = Pattern.compile("\\| `([a-z0-9_]+)`(?:\\{[^}]*})? \\|.*").matcher(line);
      if (row.matches()) {
        assertTrue(documented.add(row.group(1)), line);
        if (!line.contains(LATER) && !line.contains(TLS_ONLY)) {
          always.add(row.group(1));
        }
      }
    }
    assertTrue(documented.size() > 30, documented.toString());
    try (ManagedNode node = new ManagedNode(Optional.empty())) {
      Set<String> told = new TreeSet<>(scrape(node).types.keySet());
      Set<String> missing = new TreeSet<>(always);
      missing.removeAll(told);
      assertEquals(Set.of(), missing, "documented, and not told");
      told.removeAll(documented);
      assertEquals(Set.of(), told, "told, and not documented in " + TABLE);
    }
  }

  @Test
  void countsWhatHappens() throws Exception {
    try (ManagedNode node = new ManagedNode(Optional.empty());
        RelayProcessClient client = node.allocate("alice", "secret");
        RelayProcessClient stranger = new RelayProcessClient(node.port(), "alice", "wrong")) {
      stranger.ask(Method.ALLOCATE, new RequestedTransport(RequestedTransport.UDP));
      assertEquals(400, client.ask(Method.CHANNEL_BIND).error().orElseThrow().code());
      PrometheusText text = scrape(node);
      assertEquals(1, text.values.get("culvert_relay_allocations[family=ipv4, transport=udp]"));
      assertEquals(0, text.values.get("culvert_relay_allocations[family=ipv4, transport=tcp]"));
      assertEquals(1, text.values.get("culvert_relay_allocations_made_total[]"));
      assertEquals(1, text.values.get("culvert_relay_requests_total[result=done]"));
      assertEquals(1, text.values.get("culvert_relay_requests_total[result=refused]"));
      assertEquals(3, text.values.get("culvert_relay_requests_total[result=challenged]"));
      assertEquals(1, text.values.get("culvert_relay_refusals_total[code=400]"));
      assertEquals(11, text.values.get("culvert_rendezvous_peers[]"));
      assertEquals(7, text.values.get("culvert_rendezvous_signals_total[result=delivered]"));
      assertEquals(10_000, text.values.get("culvert_relay_ports[family=ipv4]"));
      assertEquals(1, text.values.get("culvert_relay_ports_taken[family=ipv4]"));
      assertEquals(1, text.values.get("culvert_build_info[version=1.2.3]"));
    }
  }

  @Test
  void aThousandAllocationsMakeNoMoreSeries() throws Exception {
    List<RelayProcessClient> clients = new ArrayList<>();
    try (ManagedNode node = new ManagedNode(Optional.empty())) {
      PrometheusText before = scrape(node);
      for (int i = 0; i < 1000; i++) {
        clients.add(
            i % 2 == 0 ? node.allocate("alice", "secret") : node.allocate("bob <b>", "other"));
      }
      String text = node.get("/metrics").body();
      PrometheusText after = PrometheusText.parse(text);
      assertEquals(1000, node.server.allocations());
      assertEquals(1000, after.values.get("culvert_relay_ports_taken[family=ipv4]"));
      Set<String> more = new TreeSet<>(after.values.keySet());
      more.removeAll(before.values.keySet());
      // A collection in between has series of its own, and nothing else has.
      more.removeIf(series -> series.startsWith("jvm_gc_"));
      assertEquals(Set.of(), more);
      after.labels.forEach(
          (family, labels) ->
              labels.forEach(
                  (label, values) -> assertTrue(values.size() <= 20, family + " " + values)));
      assertFalse(text.contains("alice") || text.contains("bob"), "users in metrics");
      assertFalse(text.contains("127.0.0.1"), "addresses in metrics");
    } finally {
      clients.forEach(RelayProcessClient::close);
    }
  }
}

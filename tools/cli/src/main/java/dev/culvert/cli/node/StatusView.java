package dev.culvert.cli.node;

import static dev.culvert.cli.node.manage.JsonText.inner;
import static dev.culvert.cli.node.manage.JsonText.number;
import static dev.culvert.cli.node.manage.JsonText.objects;
import static dev.culvert.cli.node.manage.JsonText.texts;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.culvert.cli.Mark;
import dev.culvert.cli.Style;
import dev.culvert.cli.View;
import dev.culvert.cli.node.manage.JsonText;
import dev.culvert.cli.node.manage.Words;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/** What a node says of itself. */
record StatusView(Map<String, Object> status) implements View {
  @Override
  public String text(Style style) {
    boolean ready = Boolean.TRUE.equals(status.get("ready"));
    boolean well = Boolean.TRUE.equals(status.get("healthy"));
    String health =
        style.paint(
            ready ? Mark.GOOD : well ? Mark.FAIR : Mark.BAD,
            ready ? "ok" : style.redacted(String.join("; ", texts(status, "reasons"))));
    Columns table = new Columns(style);
    row(table, "version", JsonText.text(status, "version"));
    row(table, "running for", time(number(status, "uptimeSeconds")));
    Map<String, Object> listeners = inner(status, "listeners");
    listeners.keySet().forEach(each -> row(table, each, String.join(", ", texts(listeners, each))));
    row(table, "connections", Words.count(number(status, "connections")));
    Map<String, Object> certificate = inner(status, "certificate");
    if (!certificate.isEmpty()) {
      long left = number(certificate, "leftSeconds");
      row(
          table,
          "certificate",
          JsonText.text(certificate, "subject")
              + ", until "
              + JsonText.text(certificate, "notAfter")
              + (left < 0 ? " (over)" : " (" + time(left) + ")"));
    }
    Map<String, Object> relay = inner(status, "relay");
    if (!relay.isEmpty()) {
      relay(table, relay);
    }
    Map<String, Object> rendezvous = inner(status, "rendezvous");
    if (!rendezvous.isEmpty()) {
      row(table, "known as", JsonText.text(rendezvous, "id"));
      row(table, "peers", Words.count(number(rendezvous, "peers")));
      row(table, "records", Words.count(number(rendezvous, "records")));
      row(table, "signals", Words.count(number(rendezvous, "signalsDelivered")));
    }
    return health + System.lineSeparator() + table;
  }

  private static void relay(Columns table, Map<String, Object> relay) {
    row(table, "realm", JsonText.text(relay, "realm"));
    for (Map<String, Object> address : objects(relay, "addresses")) {
      row(
          table,
          "relays on",
          JsonText.text(address, "announced")
              + ", "
              + Words.count(number(address, "portsTaken"))
              + " of "
              + Words.count(number(address, "ports"))
              + " ports taken");
    }
    row(table, "allocations", Words.count(number(relay, "allocations")));
    Map<String, Object> counts = inner(relay, "counts");
    row(table, "to peers", traffic(counts, "to-peers"));
    row(table, "to clients", traffic(counts, "to-clients"));
    Map<String, Object> refusals = inner(relay, "refusals");
    refusals
        .keySet()
        .forEach(code -> row(table, "refused " + code, Words.count(number(refusals, code))));
  }

  private static String traffic(Map<String, Object> counts, String way) {
    return Words.bytes(number(counts, way + "-bytes"))
        + ", "
        + Words.count(number(counts, way))
        + " datagrams";
  }

  private static String time(long seconds) {
    return Words.time(Duration.ofSeconds(seconds));
  }

  private static void row(Columns table, String name, String value) {
    table.row("  " + name, value);
  }

  @Override
  public void write(JsonGenerator out) throws IOException {
    JsonText.write(status, out);
  }
}

package dev.culvert.cli.demo;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.culvert.cli.Mark;
import dev.culvert.cli.Style;
import dev.culvert.cli.Table;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Two peers behind hard NATs that connected to each other's keys at a node, and what became of
 * their stream when a router was started anew under it; in the fields of {@code connect}.
 *
 * @param before as it was when the path was direct, or was not in time
 * @param after as it was after the fault
 */
record DemoStory(Map<String, String> before, Map<String, String> after) {

  DemoStory {
    before = Map.copyOf(before);
    after = Map.copyOf(after);
  }

  private static String field(Map<String, String> fields, String name) {
    return fields.getOrDefault(name, "");
  }

  boolean isConnected() {
    return !field(before, "firstByteMillis").isEmpty();
  }

  boolean isDirect() {
    return field(before, "outcome").equals("direct");
  }

  /** Data flows again, and not a record of either side was lost, doubled or damaged. */
  boolean isSurvived() {
    boolean whole =
        List.of("lost", "doubled", "damaged").stream()
            .allMatch(
                name -> field(after, name).equals("0") && field(after, "peer." + name).equals("0"));
    return isDirect() && List.of("direct", "relayed").contains(field(after, "outcome")) && whole;
  }

  boolean isRight() {
    return isConnected() && isDirect() && isSurvived();
  }

  private long gap() {
    return Math.max(number("gap"), number("peer.gap"));
  }

  private long number(String name) {
    String text = field(after, name);
    return text.matches("[0-9]{1,9}") ? Long.parseLong(text) : 0;
  }

  private static String seconds(String millis) {
    return millis.matches("[0-9]{1,9}")
        ? String.format(Locale.ROOT, "%.1f s", Long.parseLong(millis) / 1e3)
        : "-";
  }

  private static String way(String outcome) {
    return outcome.equals("direct") ? "directly" : "over the relay for now";
  }

  /** Three lines for people. */
  String text(Style style) {
    Table table = new Table(style);
    table.row(
        isConnected() ? Mark.GOOD : Mark.BAD,
        "connect",
        "two peers, each behind a symmetric NAT, to each other's keys",
        seconds(field(before, "firstByteMillis")),
        isConnected()
            ? "first path: " + field(before, "first")
            : "no data: " + field(before, "why"));
    table.row(
        isDirect() ? Mark.GOOD : Mark.BAD,
        "upgrade",
        "a direct path under the same stream",
        seconds(field(before, "directMillis")),
        isDirect() ? "plan: " + field(before, "plan") : "relayed: " + field(before, "why"));
    table.row(
        isSurvived() ? Mark.GOOD : Mark.BAD,
        "fault",
        "a router restarts and forgets all mappings",
        seconds(String.valueOf(gap())),
        isSurvived()
            ? "silence, then on " + way(field(after, "outcome")) + "; nothing lost or doubled"
            : "the stream did not go on: " + field(after, "why"));
    return table.toString();
  }

  void write(JsonGenerator out) throws IOException {
    out.writeObjectFieldStart("story");
    out.writeBooleanField("connected", isConnected());
    out.writeStringField("first", field(before, "first"));
    number(out, "firstByteMillis", field(before, "firstByteMillis"));
    out.writeBooleanField("direct", isDirect());
    number(out, "directMillis", field(before, "directMillis"));
    out.writeStringField("plan", field(before, "plan"));
    out.writeBooleanField("survived", isSurvived());
    out.writeNumberField("gapMillis", gap());
    out.writeEndObject();
  }

  private static void number(JsonGenerator out, String name, String text) throws IOException {
    if (text.matches("[0-9]{1,9}")) {
      out.writeNumberField(name, Long.parseLong(text));
    } else {
      out.writeNullField(name);
    }
  }
}

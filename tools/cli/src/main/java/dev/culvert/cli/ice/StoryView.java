package dev.culvert.cli.ice;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.culvert.cli.Mark;
import dev.culvert.cli.Style;
import dev.culvert.cli.Table;
import dev.culvert.cli.View;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The story of a connection; its JSON is {@code culvert.ice-story/1}, which grows only by addition.
 *
 * @param story what the trace tells
 */
record StoryView(Story story) implements View {

  @Override
  public String text(Style style) {
    List<String> lines = new ArrayList<>();
    Optional<Verdict> verdict = Verdict.of(story);
    lines.add(style.mark(mark()) + " " + style.bold(headline()));
    verdict.ifPresent(
        its -> {
          lines.add("  why:  " + style.redacted(its.cause()));
          if (!its.action().isEmpty()) {
            lines.add("  next: " + style.redacted(its.action()));
          }
        });
    lines.add("");
    for (Moment moment : story.moments()) {
      lines.add(pad(millis(moment.millis()) + " ms", 14) + "  " + style.redacted(moment.what()));
    }
    longest()
        .ifPresent(
            stage ->
                lines.add(
                    "Most time went into "
                        + stage.what()
                        + ": "
                        + millis(stage.millis())
                        + " ms."));
    if (!story.servers().isEmpty()) {
      lines.add("");
      lines.add(servers(style));
    }
    if (!story.pairs().isEmpty()) {
      lines.add("");
      lines.add(pairs(style));
    }
    return String.join(System.lineSeparator(), lines);
  }

  private static String pad(String text, int width) {
    return " ".repeat(Math.max(0, width - text.length())) + text;
  }

  private Mark mark() {
    return switch (story.outcome()) {
      case "direct" -> Mark.GOOD;
      case "relayed" -> Mark.FAIR;
      case "unreachable" -> Mark.BAD;
      default -> Mark.UNKNOWN;
    };
  }

  private String headline() {
    return switch (story.outcome()) {
      case "direct" -> "connected directly" + trouble();
      case "relayed" -> "connected through a relay" + trouble();
      case "unreachable" ->
          "not connected" + (story.failure().isEmpty() ? "" : ": " + story.failure());
      default -> "nobody knows how it ended";
    };
  }

  private String trouble() {
    return story.changes() + story.losses() == 0
        ? ""
        : ", the path changed " + story.changes() + " times and was lost " + story.losses();
  }

  private Optional<Stage> longest() {
    return story.stages().stream().max(Comparator.comparingDouble(Stage::millis));
  }

  private double quickest() {
    return story.servers().stream()
        .flatMap(server -> server.tookMillis().stream())
        .min(Double::compare)
        .orElse(0.0);
  }

  private String servers(Style style) {
    Table table = new Table(style);
    for (ServerStory server : story.servers()) {
      boolean slow = server.isSlow(quickest());
      Mark mark = server.tookMillis().isEmpty() ? Mark.BAD : slow ? Mark.FAIR : Mark.GOOD;
      table.row(
          mark,
          server.server(),
          server
              .tookMillis()
              .map(took -> (slow ? "slow: " : "answered in ") + millis(took) + " ms")
              .orElse("of no use: " + (server.reason().isEmpty() ? "no answer" : server.reason())));
    }
    return table.toString();
  }

  private String pairs(Style style) {
    Table table = new Table(style);
    for (PairStory pair : story.pairs()) {
      Mark mark =
          pair.isSelected()
              ? Mark.GOOD
              : pair.answered() > 0 ? Mark.FAIR : pair.sent() > 0 ? Mark.BAD : Mark.UNKNOWN;
      String trip = pair.roundTrip().map(time -> ", " + millis(time) + " ms").orElse("");
      String fate =
          pair.isSelected()
              ? "selected"
              : pair.state() + (pair.reason().isEmpty() ? "" : ": " + pair.reason());
      table.row(
          mark,
          pair.local(),
          pair.remote(),
          pair.sent() + " sent, " + pair.answered() + " answered" + trip,
          fate);
    }
    return table.toString();
  }

  private static String millis(double value) {
    return number(value).toPlainString();
  }

  private static BigDecimal number(double value) {
    return BigDecimal.valueOf(value).setScale(1, RoundingMode.HALF_UP);
  }

  @Override
  public void write(JsonGenerator out) throws IOException {
    Optional<Verdict> verdict = Verdict.of(story);
    out.writeStartObject();
    out.writeStringField("schema", "culvert.ice-story/1");
    out.writeStringField("outcome", story.outcome());
    out.writeStringField("role", story.role());
    out.writeStringField("policy", story.policy());
    Say.optional(out, "cause", verdict.map(Verdict::code));
    Say.optional(out, "why", verdict.map(Verdict::cause));
    Say.optional(out, "next", verdict.map(Verdict::action));
    out.writeNumberField("pathChanges", story.changes());
    out.writeNumberField("losses", story.losses());
    out.writeArrayFieldStart("moments");
    for (Moment moment : story.moments()) {
      out.writeStartObject();
      out.writeNumberField("atMillis", number(moment.millis()));
      out.writeStringField("what", moment.what());
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeArrayFieldStart("stages");
    for (Stage stage : story.stages()) {
      out.writeStartObject();
      out.writeStringField("what", stage.what());
      out.writeNumberField("tookMillis", number(stage.millis()));
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeArrayFieldStart("servers");
    for (ServerStory server : story.servers()) {
      out.writeStartObject();
      out.writeStringField("server", server.server());
      out.writeStringField("use", server.use());
      number(out, "tookMillis", server.tookMillis());
      out.writeBooleanField("slow", server.isSlow(quickest()));
      Say.optional(out, "reason", Optional.of(server.reason()).filter(text -> !text.isEmpty()));
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeArrayFieldStart("pairs");
    for (PairStory pair : story.pairs()) {
      out.writeStartObject();
      out.writeStringField("local", pair.local());
      out.writeStringField("remote", pair.remote());
      out.writeStringField("state", pair.state());
      out.writeStringField("reason", pair.reason());
      out.writeNumberField("sent", pair.sent());
      out.writeNumberField("answered", pair.answered());
      number(out, "roundTripMillis", pair.roundTrip());
      number(out, "firstAnswerMillis", pair.firstAnswer());
      out.writeBooleanField("selected", pair.isSelected());
      out.writeBooleanField("relayed", pair.isRelayed());
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  private static void number(JsonGenerator out, String name, Optional<Double> value)
      throws IOException {
    out.writeFieldName(name);
    if (value.isPresent()) {
      out.writeNumber(number(value.get()));
    } else {
      out.writeNull();
    }
  }
}

package dev.culvert.cli.turn;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.culvert.cli.ExitCode;
import dev.culvert.cli.Mark;
import dev.culvert.cli.Style;
import dev.culvert.cli.Table;
import dev.culvert.cli.View;
import dev.culvert.cli.turn.WayResult.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What relays did, a line for each way.
 *
 * @param results in the order tried
 */
record TurnTestView(List<WayResult> results) implements View {

  TurnTestView {
    results = List.copyOf(results);
  }

  /** The first failure of a way that must work, or of any if none works. */
  ExitCode exitCode() {
    boolean any = results.stream().anyMatch(result -> result.outcome() == Outcome.PASS);
    return results.stream()
        .filter(result -> !any || result.way().demanded())
        .map(WayResult::failure)
        .filter(code -> code != ExitCode.OK)
        .findFirst()
        .orElse(any ? ExitCode.OK : ExitCode.NO_NETWORK);
  }

  @Override
  public String text(Style style) {
    boolean several = results.stream().map(its -> its.uri().host()).distinct().count() > 1;
    Table table = new Table(style);
    for (WayResult result : results) {
      List<String> cells = new ArrayList<>();
      if (several) {
        cells.add(result.uri().host());
      }
      cells.add(Words.lower(result.transport()));
      cells.add(result.family().toString());
      cells.add(
          result.stopsTheWay()
              ? "-"
              : result.relayedFamily().map(its -> "relays " + its).orElse("-"));
      cells.add(Words.lower(result.outcome()));
      cells.add(result.server().map(Object::toString).orElse("-"));
      cells.add(words(result));
      table.row(mark(result), cells.toArray(new String[0]));
    }
    return table.toString();
  }

  private static Mark mark(WayResult result) {
    boolean lossy =
        result.echo().filter(echo -> echo.figures().back() < echo.figures().sent()).isPresent();
    return switch (result.outcome()) {
      case PASS -> lossy || !result.notes().isEmpty() ? Mark.FAIR : Mark.GOOD;
      case FAIL -> Mark.BAD;
      case SKIP -> Mark.UNKNOWN;
    };
  }

  private static String words(WayResult result) {
    List<String> said = new ArrayList<>();
    boolean skipped = result.outcome() == Outcome.SKIP;
    result.trouble().ifPresent(why -> said.add(skipped ? why.what() : why.line()));
    result.allocation().ifPresent(given -> said.add("relayed by " + given.relayed()));
    result.echo().ifPresent(echo -> said.add(words(echo)));
    result
        .throughput()
        .ifPresent(its -> said.add(Words.rate(its.bitsPerSecond()) + " there and back"));
    result
        .allocation()
        .flatMap(WayResult.Allocation::software)
        .ifPresent(software -> said.add("\"" + software + "\""));
    String facts = String.join(", ", said);
    return result.notes().isEmpty()
        ? facts
        : facts + " (" + String.join("; ", result.notes()) + ")";
  }

  private static String words(WayResult.Echo echo) {
    EchoFigures figures = echo.figures();
    StringBuilder text = new StringBuilder();
    if (figures.median().isPresent()) {
      text.append("round trip ")
          .append(Words.millis(figures.fastest().orElseThrow()))
          .append('/')
          .append(Words.millis(figures.median().orElseThrow()))
          .append('/')
          .append(Words.millis(figures.slowest().orElseThrow()))
          .append(" ms, ");
    }
    text.append(figures.sent() - figures.back()).append(" of ").append(figures.sent());
    text.append(" lost");
    if (figures.reordered() > 0) {
      text.append(", ").append(figures.reordered()).append(" out of order");
    }
    if (figures.duplicates() > 0) {
      text.append(", ").append(figures.duplicates()).append(" twice");
    }
    return text.append(", by ").append(echo.peer()).toString();
  }

  @Override
  public void write(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("schema", "culvert.turn-test/1");
    out.writeBooleanField("passed", exitCode() == ExitCode.OK);
    out.writeArrayFieldStart("results");
    for (WayResult result : results) {
      out.writeStartObject();
      write(out, result);
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  private static void write(JsonGenerator out, WayResult result) throws IOException {
    Optional<WayResult.Allocation> given = result.allocation();
    out.writeStringField("uri", result.uri().toString());
    out.writeBooleanField("required", result.way().demanded());
    out.writeStringField("transport", Words.lower(result.transport()));
    out.writeStringField("family", Words.lower(result.family()));
    optional(out, "relayedFamily", result.relayedFamily().map(Words::lower));
    out.writeStringField("result", Words.lower(result.outcome()));
    optional(out, "address", result.server());
    optional(out, "realm", given.flatMap(WayResult.Allocation::realm));
    optional(out, "software", given.flatMap(WayResult.Allocation::software));
    optional(out, "relayed", given.map(WayResult.Allocation::relayed));
    optional(out, "mapped", given.map(WayResult.Allocation::mapped));
    if (given.isPresent()) {
      out.writeNumberField("allocateMillis", Words.millis(given.get().took()));
      out.writeNumberField("lifetimeSeconds", given.get().lifetime().toSeconds());
    }
    if (result.echo().isPresent()) {
      write(out, result.echo().get());
    }
    if (result.throughput().isPresent()) {
      out.writeNumberField("bitsPerSecond", result.throughput().get().bitsPerSecond());
    }
    optional(out, "cause", result.trouble().map(why -> why.cause().word()));
    optional(out, "reason", result.trouble().map(Trouble::what));
    optional(out, "mend", result.trouble().map(Trouble::mend).filter(mend -> !mend.isEmpty()));
    out.writeArrayFieldStart("notes");
    for (String note : result.notes()) {
      out.writeString(note);
    }
    out.writeEndArray();
  }

  private static void write(JsonGenerator out, WayResult.Echo echo) throws IOException {
    EchoFigures figures = echo.figures();
    out.writeObjectFieldStart("echo");
    out.writeStringField("peer", echo.peer());
    out.writeStringField("peerAddress", echo.address().toString());
    out.writeNumberField("sent", figures.sent());
    out.writeNumberField("back", figures.back());
    out.writeNumberField("lossPercent", Words.percent(figures.lossPercent()));
    out.writeNumberField("reordered", figures.reordered());
    out.writeNumberField("duplicates", figures.duplicates());
    out.writeNumberField("altered", figures.altered());
    if (figures.median().isPresent()) {
      out.writeNumberField("minMillis", Words.millis(figures.fastest().orElseThrow()));
      out.writeNumberField("medianMillis", Words.millis(figures.median().orElseThrow()));
      out.writeNumberField("maxMillis", Words.millis(figures.slowest().orElseThrow()));
    }
    out.writeEndObject();
  }

  private static void optional(JsonGenerator out, String name, Optional<?> value)
      throws IOException {
    out.writeFieldName(name);
    if (value.isPresent()) {
      out.writeString(value.get().toString());
    } else {
      out.writeNull();
    }
  }
}

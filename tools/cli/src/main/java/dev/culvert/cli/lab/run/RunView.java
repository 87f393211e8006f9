package dev.culvert.cli.lab.run;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.culvert.cli.Mark;
import dev.culvert.cli.Style;
import dev.culvert.cli.Table;
import dev.culvert.cli.View;
import dev.culvert.lab.scenario.ScenarioResult;
import dev.culvert.lab.scenario.ScenarioResult.Outcome;
import dev.culvert.lab.scenario.StepResult;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What became of all scenarios, each world on its own; its JSON is {@code culvert.lab-run/1}, which
 * grows only by addition.
 *
 * @param results in the order in which they ran
 */
record RunView(List<ScenarioResult> results) implements View {

  RunView {
    results = List.copyOf(results);
  }

  long count(Outcome outcome) {
    return results.stream().filter(result -> result.outcome() == outcome).count();
  }

  @Override
  public String text(Style style) {
    List<String> lines = new ArrayList<>();
    Table table = new Table(style);
    for (ScenarioResult result : results) {
      table.row(
          mark(result.outcome()),
          result.scenario().file(),
          result.world().code(),
          result.outcome() == Outcome.CANNOT ? "-" : seconds(result.time()),
          result.scenario().name()
              + (result.outcome() == Outcome.CANNOT
                  ? "; not here: " + String.join("; ", result.limits())
                  : ""));
    }
    lines.add(table.toString());
    lines.add("");
    for (ScenarioResult result : results) {
      result.failures().forEach(line -> lines.add(style.redacted(line)));
      result.rerun().ifPresent(line -> lines.add("  again: " + line));
    }
    lines.add(
        style.mark(count(Outcome.FAILED) == 0 ? Mark.GOOD : Mark.BAD) + " " + style.bold(sum()));
    return String.join(System.lineSeparator(), lines);
  }

  private static Mark mark(Outcome outcome) {
    return switch (outcome) {
      case PASSED -> Mark.GOOD;
      case FAILED -> Mark.BAD;
      case CANNOT -> Mark.UNKNOWN;
    };
  }

  private String sum() {
    long cannot = count(Outcome.CANNOT);
    return count(Outcome.PASSED)
        + " passed, "
        + count(Outcome.FAILED)
        + " failed"
        + (cannot == 0 ? "" : ", " + cannot + " not for that world")
        + ".";
  }

  private static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.3f s", time.toMillis() / 1e3);
  }

  @Override
  public void write(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("schema", "culvert.lab-run/1");
    for (Outcome outcome : Outcome.values()) {
      out.writeNumberField(code(outcome), count(outcome));
    }
    out.writeArrayFieldStart("results");
    for (ScenarioResult result : results) {
      write(out, result);
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  private static void write(JsonGenerator out, ScenarioResult result) throws IOException {
    out.writeStartObject();
    out.writeStringField("file", result.scenario().file());
    out.writeStringField("name", result.scenario().name());
    out.writeStringField("world", result.world().code());
    out.writeNumberField("seed", result.scenario().seed());
    out.writeStringField("outcome", code(result.outcome()));
    out.writeNumberField("elapsedMillis", result.time().toMillis());
    out.writeArrayFieldStart("limits");
    for (String limit : result.limits()) {
      out.writeString(limit);
    }
    out.writeEndArray();
    out.writeArrayFieldStart("steps");
    for (StepResult step : result.steps()) {
      out.writeStartObject();
      out.writeNumberField("line", step.line());
      out.writeStringField("text", step.text());
      out.writeStringField("outcome", step.outcome().name().toLowerCase(Locale.ROOT));
      out.writeStringField("detail", step.detail());
      out.writeNumberField("elapsedMillis", step.time().toMillis());
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeFieldName("rerun");
    if (result.rerun().isPresent()) {
      out.writeString(result.rerun().get());
    } else {
      out.writeNull();
    }
    out.writeEndObject();
  }

  private static String code(Outcome outcome) {
    return outcome.name().toLowerCase(Locale.ROOT);
  }
}

package dev.culvert.cli.demo;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.culvert.cli.Mark;
import dev.culvert.cli.Style;
import dev.culvert.cli.Table;
import dev.culvert.cli.View;
import dev.culvert.cli.lab.verb.Traits;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The whole demonstration.
 *
 * @param whySimulated why the kernel's NATs could not be used; empty if they were
 * @param results one for each kind of NAT
 * @param story two peers that connect
 * @param elapsed how long all of it took
 */
record DemoView(
    Optional<String> whySimulated, List<DemoResult> results, DemoStory story, Duration elapsed)
    implements View {

  DemoView {
    results = List.copyOf(results);
  }

  long right() {
    return results.stream().filter(DemoResult::isRight).count();
  }

  boolean isAllRight() {
    return right() == results.size() && story.isRight();
  }

  @Override
  public String text(Style style) {
    Table table = new Table(style);
    for (DemoResult result : results) {
      String found = result.found().words();
      table.row(
          result.isRight() ? Mark.GOOD : Mark.BAD,
          result.profile().name(),
          result.profile().summary(),
          seconds(result.elapsed()),
          result.grade(),
          result.isRight()
              ? "found: " + found
              : "found: " + found + "; but it is: " + result.truth().words());
    }
    String where =
        whySimulated.isPresent() ? "simulated NATs, in virtual time" : "NATs of this kernel";
    String sum =
        right()
            + " of "
            + results.size()
            + " "
            + where
            + " were named rightly"
            + (story.isRight() ? ", and two peers behind the hard ones talk directly" : "")
            + ", in "
            + seconds(elapsed)
            + ".";
    return table
        + System.lineSeparator()
        + System.lineSeparator()
        + story.text(style)
        + System.lineSeparator()
        + System.lineSeparator()
        + style.mark(isAllRight() ? Mark.GOOD : Mark.BAD)
        + " "
        + style.bold(sum);
  }

  private static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1e3);
  }

  @Override
  public void write(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("schema", "culvert.demo/1");
    out.writeStringField("backend", whySimulated.isPresent() ? "simulated" : "kernel");
    out.writeFieldName("whySimulated");
    if (whySimulated.isPresent()) {
      out.writeString(whySimulated.get());
    } else {
      out.writeNull();
    }
    out.writeArrayFieldStart("cases");
    for (DemoResult result : results) {
      out.writeStartObject();
      out.writeStringField("name", result.profile().name());
      out.writeStringField("summary", result.profile().summary());
      write(out, "truth", result.truth());
      write(out, "found", result.found());
      out.writeBooleanField("right", result.isRight());
      out.writeStringField("grade", result.grade());
      out.writeNumberField("elapsedMillis", result.elapsed().toMillis());
      out.writeEndObject();
    }
    out.writeEndArray();
    story.write(out);
    out.writeNumberField("elapsedMillis", elapsed.toMillis());
    out.writeEndObject();
  }

  private static void write(JsonGenerator out, String name, Traits traits) throws IOException {
    out.writeObjectFieldStart(name);
    out.writeStringField("udp", traits.udp());
    out.writeStringField("nat", traits.nat());
    out.writeStringField("layers", traits.layers());
    out.writeStringField("mapping", traits.mapping());
    out.writeStringField("filtering", traits.filtering());
    out.writeEndObject();
  }
}

package dev.culvert.cli.connect;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.culvert.cli.Mark;
import dev.culvert.cli.Style;
import dev.culvert.cli.Table;
import dev.culvert.cli.View;
import dev.culvert.cli.connect.stream.Measure;
import dev.culvert.identity.PeerId;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the paths to a peer carry; its JSON is {@code culvert.perf/1}, which grows only by addition.
 *
 * @param peer whose
 * @param paths those that were measured
 * @param missing why others were not, a line each
 */
record PerfView(PeerId peer, List<PerfRun.Figures> paths, List<String> missing) implements View {
  PerfView {
    paths = List.copyOf(paths);
    missing = List.copyOf(missing);
  }

  @Override
  public String text(Style style) {
    Table table = new Table(style);
    for (PerfRun.Figures each : paths) {
      table.row(
          each.path().isDirect() ? Mark.GOOD : Mark.FAIR,
          PathText.word(each.path()),
          "up " + megabits(each.up()),
          "down " + megabits(each.down()),
          "round trip " + median(each).map(PathText::millis).orElse("?"),
          "jitter " + each.jitter().map(PathText::millis).orElse("?"),
          "loss " + percent(each) + " %",
          "datagrams up to " + each.maxDatagram() + " bytes",
          PathText.words(each.path()));
    }
    List<String> lines = new ArrayList<>(List.of(table.toString()));
    missing.forEach(each -> lines.add(style.mark(Mark.BAD) + " " + style.redacted(each)));
    return String.join(System.lineSeparator(), lines);
  }

  private static String megabits(Measure.Flow flow) {
    return rate(flow).toPlainString() + " Mbit/s";
  }

  private static BigDecimal rate(Measure.Flow flow) {
    return BigDecimal.valueOf(flow.megabits()).setScale(1, RoundingMode.HALF_UP);
  }

  private static BigDecimal percent(PerfRun.Figures figures) {
    return BigDecimal.valueOf(figures.lossPercent()).setScale(1, RoundingMode.HALF_UP);
  }

  private static Optional<Duration> median(PerfRun.Figures figures) {
    List<Duration> sorted = figures.roundTrips().stream().sorted().toList();
    return sorted.stream().skip(sorted.size() / 2).findFirst();
  }

  @Override
  public void write(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("schema", "culvert.perf/1");
    out.writeStringField("peer", peer.toString());
    out.writeArrayFieldStart("paths");
    for (PerfRun.Figures each : paths) {
      out.writeStartObject();
      PathText.path(out, Optional.of(each.path()));
      flow(out, "up", each.up());
      flow(out, "down", each.down());
      PathText.time(out, "medianMillis", median(each));
      PathText.time(out, "jitterMillis", each.jitter());
      out.writeNumberField("sent", each.sent());
      out.writeNumberField("back", each.roundTrips().size());
      out.writeNumberField("lossPercent", percent(each));
      out.writeNumberField("maxDatagram", each.maxDatagram());
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeArrayFieldStart("missing");
    for (String each : missing) {
      out.writeString(each);
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  private static void flow(JsonGenerator out, String name, Measure.Flow flow) throws IOException {
    out.writeObjectFieldStart(name);
    out.writeNumberField("bytes", flow.bytes());
    PathText.time(out, "millis", Optional.of(flow.time()));
    out.writeNumberField("megabitsPerSecond", rate(flow));
    out.writeEndObject();
  }
}

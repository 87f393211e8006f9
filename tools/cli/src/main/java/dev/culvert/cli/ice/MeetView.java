package dev.culvert.cli.ice;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.culvert.cli.ExitCode;
import dev.culvert.cli.Mark;
import dev.culvert.cli.Style;
import dev.culvert.cli.Table;
import dev.culvert.cli.View;
import dev.culvert.cli.turn.EchoFigures;
import dev.culvert.ice.IcePath;
import dev.culvert.ice.IcePolicy;
import dev.culvert.ice.PairFate;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What came of meeting another host; its JSON is {@code culvert.ice-meeting/1}, which grows only by
 * addition.
 *
 * @param policy what was allowed
 * @param result what came of it
 */
public record MeetView(IcePolicy policy, PeerResult result) implements View {

  /** By whether there is a path, and what path. */
  public ExitCode exitCode() {
    return MeetRun.exitCode(policy, result);
  }

  private String outcome() {
    return !result.isConnected() ? "unreachable" : result.isRelayed() ? "relayed" : "direct";
  }

  @Override
  public String text(Style style) {
    List<String> lines = new ArrayList<>();
    Mark mark =
        switch (exitCode()) {
          case OK -> Mark.GOOD;
          case RELAYED -> Mark.FAIR;
          default -> Mark.BAD;
        };
    lines.add(style.mark(mark) + " " + style.redacted(summary()));
    if (result.isConnected()) {
      lines.add("  " + echo(result.echo()));
      if (result.changes() > 0) {
        lines.add("  the path changed " + result.changes() + " times");
      }
    } else {
      Table table = new Table(style);
      for (PairFate fate : result.fates()) {
        table.row(
            fate.answered() > 0 ? Mark.GOOD : Mark.BAD,
            Say.candidate(fate.local()),
            Say.candidate(fate.remote()),
            fate.sent() + " sent, " + fate.answered() + " answered",
            fate.fault().isEmpty() ? fate.state().name().toLowerCase(Locale.ROOT) : fate.fault());
      }
      if (!result.fates().isEmpty()) {
        lines.add(table.toString());
      }
    }
    return String.join(System.lineSeparator(), lines);
  }

  private String summary() {
    if (!result.isConnected()) {
      return "not connected: "
          + (result.failure().isEmpty() ? "nothing came back over the path" : result.failure());
    }
    String after =
        result.connectedAfter().map(time -> " after " + Say.millis(time) + " ms").orElse("");
    return "connected" + after + ", " + Say.path(result.path().orElseThrow());
  }

  private static String echo(EchoFigures echo) {
    String times =
        echo.median()
            .map(
                median ->
                    "; there and back in "
                        + Say.millis(echo.fastest().orElse(median))
                        + " to "
                        + Say.millis(echo.slowest().orElse(median))
                        + " ms, half of them within "
                        + Say.millis(median)
                        + " ms")
            .orElse("");
    return echo.back()
        + " of "
        + echo.sent()
        + " datagrams came back ("
        + percent(echo)
        + " % lost)"
        + times;
  }

  private static String percent(EchoFigures echo) {
    return BigDecimal.valueOf(echo.lossPercent()).setScale(1, RoundingMode.HALF_UP).toPlainString();
  }

  @Override
  public void write(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("schema", "culvert.ice-meeting/1");
    out.writeStringField("outcome", outcome());
    out.writeStringField("policy", PolicyConverter.word(policy));
    number(out, "connectedMillis", result.connectedAfter());
    out.writeNumberField("pathChanges", result.changes());
    if (result.path().isPresent()) {
      IcePath path = result.path().get();
      out.writeStringField("local", Say.address(path.local()));
      out.writeStringField("localType", path.local().type().word());
      out.writeStringField("remote", Say.address(path.remote()));
      out.writeStringField("remoteType", path.remote().type().word());
      out.writeStringField("protocol", Say.protocol(path.local()));
      number(out, "roundTripMillis", path.roundTrip());
    }
    EchoFigures echo = result.echo();
    out.writeNumberField("sent", echo.sent());
    out.writeNumberField("back", echo.back());
    out.writeNumberField("lossPercent", new BigDecimal(percent(echo)));
    number(out, "fastestMillis", echo.fastest());
    number(out, "medianMillis", echo.median());
    number(out, "slowestMillis", echo.slowest());
    Say.optional(out, "failure", Optional.of(result.failure()).filter(text -> !text.isEmpty()));
    out.writeArrayFieldStart("pairs");
    for (PairFate fate : result.fates()) {
      out.writeStartObject();
      out.writeStringField("local", Say.candidate(fate.local()));
      out.writeStringField("remote", Say.candidate(fate.remote()));
      out.writeStringField("state", fate.state().name().toLowerCase(Locale.ROOT));
      out.writeNumberField("sent", fate.sent());
      out.writeNumberField("answered", fate.answered());
      number(out, "roundTripMillis", fate.roundTrip());
      Say.optional(out, "fault", Optional.of(fate.fault()).filter(text -> !text.isEmpty()));
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  private static void number(JsonGenerator out, String name, Optional<Duration> time)
      throws IOException {
    out.writeFieldName(name);
    if (time.isPresent()) {
      out.writeNumber(Say.number(time.get()));
    } else {
      out.writeNull();
    }
  }
}

package dev.culvert.cli.punch;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.culvert.cli.ExitCode;
import dev.culvert.cli.Mark;
import dev.culvert.cli.Style;
import dev.culvert.cli.View;
import dev.culvert.cli.turn.EchoFigures;
import dev.culvert.punch.NatTraits;
import dev.culvert.punch.PunchPlan;
import dev.culvert.session.meet.BareEvent;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What came of punching alone; its JSON is {@code culvert.punch/1}, which grows only by addition.
 *
 * @param result what came of it
 */
record PunchView(PunchResult result) implements View {

  ExitCode exitCode() {
    return PunchRun.exitCode(result);
  }

  private Optional<PunchPlan> plan() {
    return result
        .opened()
        .map(BareEvent.Opened::plan)
        .or(() -> result.failed().flatMap(BareEvent.Failed::plan));
  }

  @Override
  public String text(Style style) {
    List<String> lines = new ArrayList<>();
    Mark mark = result.isGood() ? Mark.GOOD : Mark.BAD;
    lines.add(style.mark(mark) + " " + style.redacted(summary()));
    plan().filter(PunchPlan::isAttempted).ifPresent(its -> lines.add("  plan " + its));
    if (result.opened().isPresent()) {
      BareEvent.Opened path = result.opened().get();
      lines.add(
          "  "
              + style.redacted(
                  "local "
                      + path.flow().local()
                      + ", seen at "
                      + path.seen()
                      + ", remote "
                      + path.flow().remote()));
      lines.add("  " + echo(result.echo()));
    }
    return String.join(System.lineSeparator(), lines);
  }

  private String summary() {
    if (result.opened().isEmpty()) {
      return "no path: " + result.failed().map(BareEvent.Failed::reason).orElse("");
    }
    BareEvent.Opened path = result.opened().get();
    String after = " after " + millis(path.took()) + " ms";
    if (result.echo().back() == 0) {
      return "a path was opened" + after + ", but no datagram came back over it";
    }
    String attempts = path.attempts() == 1 ? "" : ", in attempt " + path.attempts();
    return "punched a path to " + path.flow().remote() + after + attempts;
  }

  private static String echo(EchoFigures echo) {
    return echo.back()
        + " of "
        + echo.sent()
        + " datagrams came back"
        + echo.median().map(time -> ", half of them within " + millis(time) + " ms").orElse("");
  }

  private static BigDecimal millis(Duration time) {
    return BigDecimal.valueOf(time.toNanos(), 6).setScale(1, RoundingMode.HALF_UP);
  }

  @Override
  public void write(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("schema", "culvert.punch/1");
    out.writeStringField("outcome", result.opened().isPresent() ? "opened" : "failed");
    if (plan().isPresent()) {
      PunchPlan its = plan().get();
      out.writeStringField("plan", its.kind().toString());
      out.writeStringField("why", its.reason());
      nat(out, "own", its.own());
      nat(out, "peer", its.peer());
    }
    if (result.opened().isPresent()) {
      BareEvent.Opened path = result.opened().get();
      out.writeStringField("local", path.flow().local().toString());
      out.writeStringField("seen", path.seen().toString());
      out.writeStringField("remote", path.flow().remote().toString());
      out.writeNumberField("openedMillis", millis(path.took()));
      out.writeNumberField("roundTripMillis", millis(path.roundTrip()));
      out.writeNumberField("attempts", path.attempts());
    }
    if (result.failed().isPresent()) {
      BareEvent.Failed its = result.failed().get();
      String cause = its.cause().name().toLowerCase(Locale.ROOT).replace('_', '-');
      out.writeStringField("cause", cause);
      out.writeStringField("failure", its.reason());
    }
    out.writeNumberField("sent", result.echo().sent());
    out.writeNumberField("back", result.echo().back());
    if (result.echo().median().isPresent()) {
      out.writeNumberField("medianMillis", millis(result.echo().median().get()));
    }
    out.writeEndObject();
  }

  private static void nat(JsonGenerator out, String whose, NatTraits its) throws IOException {
    out.writeStringField(whose + "Nat", its.words());
    out.writeStringField(whose + "Address", its.reflexive().toString());
  }
}

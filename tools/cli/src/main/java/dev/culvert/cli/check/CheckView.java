package dev.culvert.cli.check;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.culvert.cli.ExitCode;
import dev.culvert.cli.Style;
import dev.culvert.cli.View;
import dev.culvert.detect.NatReport;
import dev.culvert.detect.Verdict;
import java.io.IOException;

/**
 * A NAT report with its verdict, as the command shows it.
 *
 * @param report what was found out
 * @param verdict what it means
 */
public record CheckView(NatReport report, Verdict verdict) implements View {

  /** The report with the verdict that follows from it. */
  public static CheckView of(NatReport report) {
    return new CheckView(report, Verdict.of(report));
  }

  /** What the command ends with. */
  public ExitCode exitCode() {
    if (!report.hasNetwork()) {
      return ExitCode.NO_NETWORK;
    }
    return switch (verdict.grade()) {
      case GOOD, HARD -> ExitCode.OK;
      case RELAY_ONLY -> ExitCode.RELAYED;
      case BLOCKED -> ExitCode.NO_NETWORK;
      case INCONCLUSIVE -> ExitCode.INCONCLUSIVE;
    };
  }

  @Override
  public String text(Style style) {
    return new CheckText(style).render(this);
  }

  @Override
  public void write(JsonGenerator out) throws IOException {
    new CheckJson(out).write(this);
  }
}

package dev.culvert.cli.turn;

import dev.culvert.cli.turn.WayResult.Outcome;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Results as a Nagios plugin tells them: one line, and an exit status of its own.
 *
 * @param state how things are
 * @param text the line
 */
record NagiosLine(State state, String text) {

  /** The states of plugins. */
  enum State {
    /** All is well. */
    OK(0),
    /** A round trip or a loss is past the threshold for warnings, or a way fails that may. */
    WARNING(1),
    /** It is past the other threshold, or a way fails that must work. */
    CRITICAL(2),
    /** Nothing could be tried. */
    UNKNOWN(3);

    private final int status;

    State(int status) {
      this.status = status;
    }

    /** The exit status of a plugin. */
    int status() {
      return status;
    }
  }

  /** Judges. */
  static NagiosLine of(List<WayResult> results, Threshold warning, Threshold critical) {
    List<WayResult> tried = results.stream().filter(one -> one.outcome() != Outcome.SKIP).toList();
    long passed = tried.stream().filter(one -> one.outcome() == Outcome.PASS).count();
    Optional<Duration> trip =
        tried.stream()
            .flatMap(one -> one.echo().stream())
            .flatMap(echo -> echo.figures().median().stream())
            .max(Comparator.naturalOrder());
    double loss =
        tried.stream()
            .filter(one -> one.outcome() == Outcome.PASS)
            .flatMap(one -> one.echo().stream())
            .mapToDouble(echo -> echo.figures().lossPercent())
            .max()
            .orElse(100);
    State state = state(tried, passed, trip, loss, warning, critical);
    return new NagiosLine(state, line(state, tried, passed, trip, loss, warning, critical));
  }

  private static State state(
      List<WayResult> tried,
      long passed,
      Optional<Duration> trip,
      double loss,
      Threshold warning,
      Threshold critical) {
    boolean demandedFails =
        tried.stream().anyMatch(one -> one.outcome() == Outcome.FAIL && one.way().demanded());
    if (tried.isEmpty()) {
      return State.UNKNOWN;
    }
    if (passed == 0 || demandedFails || critical.isPast(trip, loss)) {
      return State.CRITICAL;
    }
    return passed < tried.size() || warning.isPast(trip, loss) ? State.WARNING : State.OK;
  }

  private static String line(
      State state,
      List<WayResult> tried,
      long passed,
      Optional<Duration> trip,
      double loss,
      Threshold warning,
      Threshold critical) {
    StringBuilder line = new StringBuilder("TURN ").append(state).append(" - ");
    line.append(passed).append(" of ").append(tried.size()).append(" ways relay");
    trip.ifPresent(worst -> line.append(", round trip ").append(Words.millis(worst)).append(" ms"));
    if (passed > 0) {
      line.append(", loss ").append(Words.percent(loss)).append(" %");
    }
    tried.stream()
        .filter(one -> one.outcome() == Outcome.FAIL)
        .findFirst()
        .ifPresent(
            one ->
                line.append("; ")
                    .append(Words.lower(one.transport()))
                    .append(' ')
                    .append(one.family())
                    .append(": ")
                    .append(one.trouble().map(Trouble::what).orElse("it fails")));
    // The bar begins the numbers.
    String text = line.toString().replace('|', '/');
    StringBuilder numbers = new StringBuilder(" |");
    trip.ifPresent(
        worst ->
            numbers
                .append(" rtt=")
                .append(Words.millis(worst))
                .append("ms;")
                .append(warning.trip().map(Words::millis).map(Object::toString).orElse(""))
                .append(';')
                .append(critical.trip().map(Words::millis).map(Object::toString).orElse(""))
                .append(";0"));
    numbers.append(" loss=").append(Words.percent(loss)).append("%;");
    numbers.append(warning.lossText()).append(';').append(critical.lossText()).append(";0;100");
    numbers.append(" ways=").append(passed).append(";;;0;").append(tried.size());
    return text + numbers;
  }
}

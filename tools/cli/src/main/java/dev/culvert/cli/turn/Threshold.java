package dev.culvert.cli.turn;

import dev.culvert.cli.DurationConverter;
import dev.culvert.cli.Fault;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import picocli.CommandLine.TypeConversionException;

/**
 * What is too slow or too lossy.
 *
 * @param trip the longest median round trip that is good enough; empty for any
 * @param loss the most percent that may be lost; empty for any
 */
record Threshold(Optional<Duration> trip, OptionalDouble loss) {
  /** Whatever it is, it is good enough. */
  static final Threshold NONE = new Threshold(Optional.empty(), OptionalDouble.empty());

  /**
   * Reads {@code TIME}, {@code LOSS%} or {@code TIME,LOSS%}.
   *
   * @throws Fault if it is none of them
   */
  static Threshold parse(String option, String text) {
    Optional<Duration> trip = Optional.empty();
    OptionalDouble loss = OptionalDouble.empty();
    for (String part : text.split(",", -1)) {
      String word = part.strip();
      if (word.matches("[0-9]{1,3}(\\.[0-9]{1,3})?%")) {
        loss = OptionalDouble.of(Double.parseDouble(word.substring(0, word.length() - 1)));
      } else {
        try {
          trip = Optional.of(new DurationConverter().convert(word));
        } catch (TypeConversionException e) {
          throw Fault.usage(
              option + " '" + text + "' is no threshold", "write TIME,LOSS% such as 200ms,5%");
        }
      }
    }
    return new Threshold(trip, loss);
  }

  boolean isPast(Optional<Duration> measured, double measuredLoss) {
    boolean slow =
        trip.isPresent() && measured.filter(its -> its.compareTo(trip.get()) > 0).isPresent();
    return slow || (loss.isPresent() && measuredLoss > loss.getAsDouble());
  }

  /** For the numbers of a plugin. */
  String lossText() {
    return loss.isPresent() ? Words.percent(loss.getAsDouble()).toString() : "";
  }
}

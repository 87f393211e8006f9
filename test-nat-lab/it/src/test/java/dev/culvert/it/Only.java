package dev.culvert.it;

import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Has sides told candidates of one transport alone. */
final class Only {
  private Only() {}

  /** Leaves the others out. */
  static UnaryOperator<Optional<Signal>> of(String transport) {
    return signal -> signal.flatMap(its -> filtered(its, transport));
  }

  private static Optional<Signal> filtered(Signal signal, String transport) {
    if (signal instanceof Signal.NewCandidate candidate) {
      return has(candidate.line(), transport) ? Optional.of(signal) : Optional.empty();
    }
    if (signal instanceof Signal.Description description) {
      return Optional.of(
          new Signal.Description(
              description
                  .sdp()
                  .lines()
                  .filter(line -> !line.startsWith("a=candidate:") || has(line, transport))
                  .map(line -> line + "\r\n")
                  .collect(Collectors.joining())));
    }
    return Optional.of(signal);
  }

  private static boolean has(String line, String transport) {
    return line.toLowerCase(Locale.ROOT).split(" ", -1)[2].equals(transport);
  }
}

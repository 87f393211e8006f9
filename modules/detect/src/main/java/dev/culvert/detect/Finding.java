package dev.culvert.detect;

import java.util.Optional;
import java.util.function.Function;

/**
 * What is known about one property: a value, or that it was measured without an answer, or that it
 * was not measured.
 *
 * @param <T> the type of the value
 */
public sealed interface Finding<T> {

  /**
   * The evidence suffices.
   *
   * @param found what it says
   */
  record Known<T>(T found) implements Finding<T> {
    @Override
    public String toString() {
      return found.toString();
    }
  }

  /**
   * It was tried and the evidence does not suffice.
   *
   * @param why one sentence for people
   */
  record Unknown<T>(String why) implements Finding<T> {
    @Override
    public String toString() {
      return "unknown (" + why + ")";
    }
  }

  /** Nobody tried. */
  record NotMeasured<T>() implements Finding<T> {
    @Override
    public String toString() {
      return "not measured";
    }
  }

  /** A known value. */
  static <T> Finding<T> known(T value) {
    return new Known<>(value);
  }

  /** No answer, and why. */
  static <T> Finding<T> unknown(String reason) {
    return new Unknown<>(reason);
  }

  /** Not tried. */
  static <T> Finding<T> notMeasured() {
    return new NotMeasured<>();
  }

  /** The value; empty unless it is known. */
  default Optional<T> value() {
    return this instanceof Known<T> known ? Optional.of(known.found()) : Optional.empty();
  }

  /** Why the value is unknown; empty if it is known or was not measured. */
  default Optional<String> reason() {
    return this instanceof Unknown<T> unknown ? Optional.of(unknown.why()) : Optional.empty();
  }

  /** Whether the value is known and equals {@code expected}. */
  default boolean is(T expected) {
    return value().filter(expected::equals).isPresent();
  }

  /** The same knowledge about {@code change} of the value. */
  default <U> Finding<U> map(Function<T, U> change) {
    if (this instanceof Known<T> known) {
      return known(change.apply(known.found()));
    }
    return reason().map(Finding::<U>unknown).orElseGet(Finding::notMeasured);
  }
}

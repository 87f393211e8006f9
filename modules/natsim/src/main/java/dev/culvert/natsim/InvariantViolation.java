package dev.culvert.natsim;

/** Something happened in a {@link World} that must not; says when, with which seed, and before. */
public final class InvariantViolation extends IllegalStateException {
  private static final long serialVersionUID = 1;

  InvariantViolation(String message) {
    super(message);
  }
}

package dev.culvert.it;

import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Carries what two sides tell each other, as it comes, until it is closed. */
final class Courier implements AutoCloseable {
  private static final Duration TURN = Duration.ofMillis(200);

  private final Thread there;
  private final Thread back;
  private volatile boolean over;
  private volatile Optional<Throwable> fault = Optional.empty();

  private Courier(IceParty one, IceParty other, UnaryOperator<Optional<Signal>> filter) {
    there = new Thread(() -> carry(one, other, filter), "courier");
    back = new Thread(() -> carry(other, one, filter), "courier");
  }

  static Courier between(IceParty one, IceParty other) {
    return between(one, other, signal -> signal);
  }

  /**
   * The same.
   *
   * @param filter makes empty what is not to be told
   */
  static Courier between(IceParty one, IceParty other, UnaryOperator<Optional<Signal>> filter) {
    return new Courier(one, other, filter);
  }

  /** Carries from now on. */
  void begin() {
    there.start();
    back.start();
  }

  private void carry(IceParty from, IceParty to, UnaryOperator<Optional<Signal>> filter) {
    try {
      while (!over) {
        Optional<Signal> signal = filter.apply(from.next(TURN));
        if (signal.isPresent()) {
          to.hear(signal.get());
        }
      }
    } catch (Exception | AssertionError e) {
      fault = Optional.of(e);
    }
  }

  /** Ends it. */
  @Override
  public void close() {
    over = true;
    try {
      there.join();
      back.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    fault.ifPresent(
        why -> {
          throw new AssertionError("signalling broke off", why);
        });
  }
}

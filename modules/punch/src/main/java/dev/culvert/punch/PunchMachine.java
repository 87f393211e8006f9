package dev.culvert.punch;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Machine;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Makes one {@link PunchAttempt}. Its owner hands it what came on its sockets and on the shared one
 * that {@link #tagOf} says is of this attempt, until {@link #isOver}.
 */
public final class PunchMachine implements Machine<PunchEvent> {
  private final PunchAttempt attempt;
  private final Queue<Output> outputs = new ArrayDeque<>();
  private final Queue<PunchEvent> events = new ArrayDeque<>();

  /**
   * A machine.
   *
   * @param attempt what to do
   * @param ids gives ids for sockets that nobody else has
   * @param random a {@link java.security.SecureRandom} where it meets the Internet
   * @param ledger what all attempts of this peer have sent
   */
  public PunchMachine(
      PunchAttempt attempt, LongSupplier ids, RandomGenerator random, PunchLedger ledger) {
    this.attempt = attempt;
  }

  /** The tag of the secret that a packet claims to be made with; empty if it is of another kind. */
  public static OptionalLong tagOf(Bytes packet) {
    return OptionalLong.empty();
  }

  /** What is attempted. */
  public PunchAttempt attempt() {
    return attempt;
  }

  /**
   * Whether it is done for good: it failed, or opened a path and the other side has had time to
   * hear so.
   */
  public boolean isOver() {
    return false;
  }

  /** Ends it: what it has opened is closed, but for a path that was told already. */
  public void abandon(MonotonicTime now) {}

  @Override
  public void receive(Flow from, Bytes payload, MonotonicTime now) {}

  @Override
  public void accept(Input input, MonotonicTime now) {}

  @Override
  public void advance(MonotonicTime now) {}

  @Override
  public Optional<MonotonicTime> nextDeadline() {
    return Optional.empty();
  }

  @Override
  public Optional<Output> pollOutput() {
    return Optional.ofNullable(outputs.poll());
  }

  @Override
  public Optional<PunchEvent> pollEvent() {
    return Optional.ofNullable(events.poll());
  }
}

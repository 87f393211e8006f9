package dev.culvert.detect;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Machine;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/** A machine on a system that once has no socket for it. */
final class Socketless<E> implements Machine<E> {
  private final Machine<E> machine;
  private final Queue<Input> refusals = new ArrayDeque<>();
  private int countdown;

  Socketless(Machine<E> machine, int nth) {
    this.machine = machine;
    this.countdown = nth;
  }

  @Override
  public void receive(Flow from, Bytes payload, MonotonicTime now) {
    refuse(now);
    machine.receive(from, payload, now);
  }

  @Override
  public void accept(Input input, MonotonicTime now) {
    refuse(now);
    machine.accept(input, now);
  }

  @Override
  public void advance(MonotonicTime now) {
    refuse(now);
    machine.advance(now);
  }

  private void refuse(MonotonicTime now) {
    while (!refusals.isEmpty()) {
      machine.accept(refusals.remove(), now);
    }
  }

  @Override
  public Optional<MonotonicTime> nextDeadline() {
    return machine.nextDeadline();
  }

  @Override
  public Optional<Output> pollOutput() {
    Optional<Output> output = machine.pollOutput();
    if (output.isPresent() && output.get() instanceof Output.Bind bind && countdown-- == 0) {
      refusals.add(new Input.BindFailed(bind.id(), "too many open files"));
      return pollOutput();
    }
    return output;
  }

  @Override
  public Optional<E> pollEvent() {
    return machine.pollEvent();
  }
}

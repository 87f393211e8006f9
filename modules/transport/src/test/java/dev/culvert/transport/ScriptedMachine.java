package dev.culvert.transport;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Machine;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.function.BiConsumer;

/** Does what the test tells it and reports everything that it hears. */
class ScriptedMachine implements Machine<ScriptedMachine.Heard> {

  /** What the machine was told: an input, bytes, or that its deadline came. */
  record Heard(Optional<Input> input, Optional<Flow> flow, Bytes payload, MonotonicTime at) {}

  private final Queue<Output> outputs = new ArrayDeque<>();
  private final Queue<Heard> heard = new ArrayDeque<>();
  private Optional<MonotonicTime> deadline = Optional.empty();
  private BiConsumer<Flow, Bytes> onReceive = (flow, payload) -> {};

  ScriptedMachine onReceive(BiConsumer<Flow, Bytes> action) {
    onReceive = action;
    return this;
  }

  void wants(Output output) {
    outputs.add(output);
  }

  void wakeAt(MonotonicTime time) {
    deadline = Optional.of(time);
  }

  @Override
  public void receive(Flow from, Bytes payload, MonotonicTime now) {
    heard.add(new Heard(Optional.empty(), Optional.of(from), payload, now));
    onReceive.accept(from, payload);
  }

  @Override
  public void accept(Input input, MonotonicTime now) {
    heard.add(new Heard(Optional.of(input), Optional.empty(), Bytes.empty(), now));
  }

  @Override
  public void advance(MonotonicTime now) {
    if (deadline.isPresent() && !now.isBefore(deadline.get())) {
      deadline = Optional.empty();
      heard.add(new Heard(Optional.empty(), Optional.empty(), Bytes.empty(), now));
    }
  }

  @Override
  public Optional<MonotonicTime> nextDeadline() {
    return deadline;
  }

  @Override
  public Optional<Output> pollOutput() {
    return Optional.ofNullable(outputs.poll());
  }

  @Override
  public Optional<Heard> pollEvent() {
    return Optional.ofNullable(heard.poll());
  }
}

package dev.culvert.ice;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Machine;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/** A TCP server that has never heard of STUN: it greets, and echoes what it hears. */
final class Babbler implements Machine<Void> {
  private final Queue<Output> outputs = new ArrayDeque<>();
  int heard;

  @Override
  public void receive(Flow from, Bytes payload, MonotonicTime now) {
    heard++;
    outputs.add(new Output.Send(from, payload));
    outputs.add(new Output.Send(from, Bytes.utf8("500 what?")));
  }

  @Override
  public void accept(Input input, MonotonicTime now) {
    if (input instanceof Input.Opened opened) {
      outputs.add(new Output.Send(opened.flow(), Bytes.utf8("220 welcome")));
    }
  }

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
  public Optional<Void> pollEvent() {
    return Optional.empty();
  }
}

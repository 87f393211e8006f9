package dev.culvert.rendezvous.client;

import dev.culvert.rendezvous.node.RendezvousNode;
import dev.culvert.rendezvous.wire.Frame;
import dev.culvert.rendezvous.wire.FrameException;
import dev.culvert.rendezvous.wire.FrameText;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Machine;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import java.util.Optional;
import java.util.function.Function;

/** A node that says something else than it should. */
final class VirtualLiar implements Machine<String> {
  private final RendezvousNode node;
  private final Function<Frame, Optional<Frame>> lie;

  /**
   * A node with a lie of its own.
   *
   * @param lie what it says instead; empty for nothing
   */
  VirtualLiar(RendezvousNode node, Function<Frame, Optional<Frame>> lie) {
    this.node = node;
    this.lie = lie;
  }

  @Override
  public void receive(Flow from, Bytes payload, MonotonicTime now) {
    node.receive(from, payload, now);
  }

  @Override
  public void accept(Input input, MonotonicTime now) {
    node.accept(input, now);
  }

  @Override
  public void advance(MonotonicTime now) {
    node.advance(now);
  }

  @Override
  public Optional<MonotonicTime> nextDeadline() {
    return node.nextDeadline();
  }

  @Override
  public Optional<Output> pollOutput() {
    for (Optional<Output> next = node.pollOutput(); next.isPresent(); next = node.pollOutput()) {
      Optional<Output> said = next.flatMap(this::said);
      if (said.isPresent()) {
        return said;
      }
    }
    return Optional.empty();
  }

  private Optional<Output> said(Output output) {
    if (!(output instanceof Output.Send send)) {
      return Optional.of(output);
    }
    try {
      return lie.apply(FrameText.read(send.payload()))
          .map(frame -> new Output.Send(send.flow(), FrameText.write(frame)));
    } catch (FrameException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public Optional<String> pollEvent() {
    node.pollEvent();
    return Optional.empty();
  }
}

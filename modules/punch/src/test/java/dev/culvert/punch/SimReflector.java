package dev.culvert.punch;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Machine;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.attribute.XorMappedAddress;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/** A STUN server of a few lines. */
final class SimReflector implements Machine<Void> {
  private final Queue<Output> outputs = new ArrayDeque<>();

  SimReflector(TransportAddress local) {
    outputs.add(new Output.Bind(0, local));
  }

  @Override
  public void receive(Flow from, Bytes payload, MonotonicTime now) {
    StunCodec.decode(payload)
        .packet()
        .filter(packet -> packet.message().messageClass() == MessageClass.REQUEST)
        .map(packet -> packet.message().successResponse(new XorMappedAddress(from.remote())))
        .ifPresent(answer -> outputs.add(new Output.Send(from, StunCodec.encode(answer))));
  }

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
  public Optional<Void> pollEvent() {
    return Optional.empty();
  }
}

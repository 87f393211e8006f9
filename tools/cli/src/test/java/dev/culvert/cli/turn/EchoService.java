package dev.culvert.cli.turn;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Machine;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.Method;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.StunPacket;
import dev.culvert.stun.attribute.XorMappedAddress;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.function.BiFunction;

/** Answers each datagram by itself, such as with the same (RFC 862). */
final class EchoService implements Machine<String> {
  private final Queue<Output> outputs = new ArrayDeque<>();
  private final BiFunction<TransportAddress, Bytes, Optional<Bytes>> answers;

  /** Sends everything back. */
  EchoService(TransportAddress local) {
    this(local, (from, datagram) -> Optional.of(datagram));
  }

  private EchoService(
      TransportAddress local, BiFunction<TransportAddress, Bytes, Optional<Bytes>> answers) {
    this.answers = answers;
    outputs.add(new Output.Bind(0, local));
  }

  /** Answers Binding requests alone. */
  static EchoService stunOnly(TransportAddress local) {
    return new EchoService(
        local,
        (from, datagram) ->
            StunCodec.decode(datagram)
                .packet()
                .map(StunPacket::message)
                .filter(message -> message.method().equals(Method.BINDING))
                .map(message -> message.successResponse(new XorMappedAddress(from)))
                .map(StunCodec::encode));
  }

  @Override
  public void receive(Flow from, Bytes payload, MonotonicTime now) {
    answers
        .apply(from.remote(), payload)
        .ifPresent(answer -> outputs.add(new Output.Send(from, answer)));
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
  public Optional<String> pollEvent() {
    return Optional.empty();
  }
}

package dev.culvert.natsim;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Machine;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Question;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;

/** A machine that does what a test says and remembers what it was told. */
final class Talker implements Machine<String> {
  /** A datagram or piece of a stream, and when it came. */
  record Heard(Flow flow, Bytes payload, MonotonicTime when) {}

  final List<Heard> heard = new ArrayList<>();
  final List<Input> inputs = new ArrayList<>();
  private final Queue<Output> outputs = new ArrayDeque<>();
  private final boolean mirrors;

  private Talker(boolean mirrors) {
    this.mirrors = mirrors;
  }

  /** Answers nothing. */
  static Talker mute() {
    return new Talker(false);
  }

  /** Answers everything with the address it came from. */
  static Talker mirror() {
    return new Talker(true);
  }

  Talker bind(long id, TransportAddress local) {
    outputs.add(new Output.Bind(id, local));
    return this;
  }

  Talker open(long id, Transport transport, TransportAddress remote) {
    outputs.add(new Output.Open(id, transport, Optional.empty(), remote, Optional.empty()));
    return this;
  }

  Talker send(long id, TransportAddress remote, String text) {
    return send(id, remote, text, Output.SYSTEM_TTL);
  }

  Talker send(long id, TransportAddress remote, String text, int ttl) {
    Flow flow = new Flow(id, Transport.UDP, remote, remote);
    outputs.add(new Output.Send(flow, Bytes.utf8(text), ttl, false));
    return this;
  }

  Talker sendBytes(long id, TransportAddress remote, Bytes payload) {
    outputs.add(new Output.Send(new Flow(id, Transport.UDP, remote, remote), payload));
    return this;
  }

  Talker send(Flow flow, String text) {
    outputs.add(new Output.Send(flow, Bytes.utf8(text)));
    return this;
  }

  Talker openFrom(long id, TransportAddress local, TransportAddress remote) {
    outputs.add(new Output.Open(id, Transport.TCP, Optional.of(local), remote, Optional.empty()));
    return this;
  }

  Talker perform(Output output) {
    outputs.add(output);
    return this;
  }

  Talker ask(long id, Question question) {
    outputs.add(new Output.Ask(id, question));
    return this;
  }

  Talker close(long id) {
    outputs.add(new Output.Close(id));
    return this;
  }

  TransportAddress local(long id) {
    return inputs.stream()
        .filter(input -> input instanceof Input.Bound bound && bound.id() == id)
        .map(input -> ((Input.Bound) input).local())
        .findFirst()
        .orElseThrow();
  }

  <T extends Input> List<T> told(Class<T> kind) {
    return inputs.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  List<String> texts() {
    return heard.stream().map(one -> one.payload().utf8()).toList();
  }

  @Override
  public void receive(Flow from, Bytes payload, MonotonicTime now) {
    heard.add(new Heard(from, payload, now));
    if (mirrors) {
      outputs.add(new Output.Send(from, Bytes.utf8(from.remote().toString())));
    }
  }

  @Override
  public void accept(Input input, MonotonicTime now) {
    inputs.add(input);
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
  public Optional<String> pollEvent() {
    return Optional.empty();
  }
}

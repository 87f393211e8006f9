package dev.culvert.lab.world;

import dev.culvert.sansio.Answer;
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

/** A machine that sends what a test says, and may answer what it hears with where it came from. */
final class Echo implements Machine<String> {
  final List<String> heard = new ArrayList<>();
  final List<String> answers = new ArrayList<>();
  private final Queue<Output> outputs = new ArrayDeque<>();
  private final boolean mirrors;

  Echo(boolean mirrors) {
    this.mirrors = mirrors;
  }

  Echo bind(long id, TransportAddress local) {
    outputs.add(new Output.Bind(id, local));
    return this;
  }

  Echo send(long id, TransportAddress remote, String text) {
    Flow flow = new Flow(id, Transport.UDP, remote, remote);
    outputs.add(new Output.Send(flow, Bytes.utf8(text)));
    return this;
  }

  Echo ask(long id, String name) {
    outputs.add(new Output.Ask(id, new Question.Addresses(name)));
    return this;
  }

  @Override
  public void receive(Flow from, Bytes payload, MonotonicTime now) {
    heard.add(payload.utf8());
    if (mirrors) {
      outputs.add(new Output.Send(from, Bytes.utf8(from.remote().toString())));
    }
  }

  @Override
  public void accept(Input input, MonotonicTime now) {
    if (input instanceof Input.Answered answered
        && answered.answer() instanceof Answer.Addresses addresses) {
      answers.add(addresses.ips().toString());
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
  public Optional<String> pollEvent() {
    return Optional.empty();
  }
}

package dev.culvert.detect;

import dev.culvert.natsim.Host;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Machine;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/** A router that tells its outside address over NAT-PMP (RFC 6886 §3.2). */
final class VirtualRouter implements Machine<String> {
  private final Queue<Output> outputs = new ArrayDeque<>();
  private final Bytes answer;

  private VirtualRouter(InetAddress outside) {
    answer = Bytes.of(0, 128, 0, 0, 0, 0, 1, 0).concat(Bytes.wrap(outside.getAddress()));
    outputs.add(new Output.Bind(0, new TransportAddress(VirtualRun.ip("0.0.0.0"), 5351)));
  }

  static void on(Host host, InetAddress outside) {
    host.run(new VirtualRouter(outside), event -> {});
  }

  @Override
  public void receive(Flow from, Bytes payload, MonotonicTime now) {
    if (payload.equals(Bytes.of(0, 0))) {
      outputs.add(new Output.Send(from, answer));
    }
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

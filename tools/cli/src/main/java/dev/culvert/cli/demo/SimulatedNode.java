package dev.culvert.cli.demo;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Machine;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.BindingReply;
import dev.culvert.stun.BindingResponder;
import dev.culvert.stun.BindingService;
import dev.culvert.stun.StreamFraming;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;

/** The node's own responder at two addresses and two ports of a virtual Internet. */
final class SimulatedNode implements Machine<String> {
  private static final int ROOM = 2048;

  private final List<BindingResponder> responders = new ArrayList<>();
  private final List<TransportAddress> corners = new ArrayList<>();
  private final BindingResponder overTcp;
  private final Map<Long, StreamFraming> streams = new HashMap<>();
  private final Queue<Output> outputs = new ArrayDeque<>();
  private final BindingReply reply = new BindingReply();

  SimulatedNode(InetAddress first, InetAddress second, int port, int otherPort) {
    for (InetAddress ip : List.of(first, second)) {
      for (int at : new int[] {port, otherPort}) {
        TransportAddress corner = new TransportAddress(ip, at);
        TransportAddress opposite =
            new TransportAddress(ip.equals(first) ? second : first, at == port ? otherPort : port);
        outputs.add(new Output.Bind(corners.size(), corner));
        corners.add(corner);
        responders.add(new BindingResponder(BindingService.alternating(corner, opposite)));
      }
    }
    overTcp = new BindingResponder(BindingService.single(corners.get(0)).over(Transport.TCP));
  }

  @Override
  public void receive(Flow from, Bytes payload, MonotonicTime now) {
    if (from.transport() == Transport.UDP) {
      answer(from, payload, responders.get((int) from.id()));
      return;
    }
    StreamFraming framing =
        streams.computeIfAbsent(from.id(), fresh -> new StreamFraming(false, ROOM));
    for (Bytes message : framing.feed(payload)) {
      answer(from, message, overTcp);
    }
  }

  private void answer(Flow from, Bytes request, BindingResponder responder) {
    ByteBuffer response = ByteBuffer.allocate(ROOM);
    TransportAddress client = from.remote();
    boolean sent =
        responder
            .respond(request.asByteBuffer(), client.ip(), client.port(), response, reply)
            .isSent();
    if (!sent) {
      return;
    }
    Flow back = from;
    if (from.transport() == Transport.UDP) {
      int corner =
          (int) from.id()
              ^ (reply.source().isOtherIp() ? 2 : 0)
              ^ (reply.source().isOtherPort() ? 1 : 0);
      back = new Flow(corner, Transport.UDP, corners.get(corner), client.withPort(reply.port()));
    }
    outputs.add(new Output.Send(back, Bytes.copyOf(response.flip())));
  }

  @Override
  public void accept(Input input, MonotonicTime now) {
    if (input instanceof Input.Closed closed) {
      streams.remove(closed.id());
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

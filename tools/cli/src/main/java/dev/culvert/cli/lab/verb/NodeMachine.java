package dev.culvert.cli.lab.verb;

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

/**
 * The node's responder on addresses of a virtual Internet: where a family has two addresses, at
 * both and at two ports each, as RFC 5780 §6 needs it.
 */
final class NodeMachine implements Machine<Input.BindFailed> {
  /** The registered port (RFC 8489 §18.6). */
  static final int PORT = 3478;

  private static final int OTHER_PORT = 3479;
  private static final int ROOM = 2048;

  private final List<Site> sites = new ArrayList<>();
  private final Map<TransportAddress, BindingResponder> overTcp = new HashMap<>();
  private final Map<Long, StreamFraming> streams = new HashMap<>();
  private final Queue<Output> outputs = new ArrayDeque<>();
  private final Queue<Input.BindFailed> events = new ArrayDeque<>();
  private final BindingReply reply = new BindingReply();

  private record Site(TransportAddress at, BindingService service, BindingResponder responder) {}

  /**
   * A node that has not begun.
   *
   * @param families addresses of one family each; the first two of each are used
   */
  NodeMachine(List<List<InetAddress>> families) {
    for (List<InetAddress> family : families) {
      if (family.size() == 1) {
        add(BindingService.single(new TransportAddress(family.get(0), PORT)));
      } else if (family.size() > 1) {
        addCorners(family.get(0), family.get(1));
      }
    }
  }

  private void addCorners(InetAddress first, InetAddress second) {
    for (InetAddress ip : List.of(first, second)) {
      for (int port : new int[] {PORT, OTHER_PORT}) {
        add(
            BindingService.alternating(
                new TransportAddress(ip, port),
                new TransportAddress(
                    ip.equals(first) ? second : first, port == PORT ? OTHER_PORT : PORT)));
      }
    }
  }

  private void add(BindingService service) {
    outputs.add(new Output.Bind(sites.size(), service.asked()));
    sites.add(new Site(service.asked(), service, new BindingResponder(service)));
    overTcp.put(service.asked(), new BindingResponder(service.over(Transport.TCP)));
  }

  /** Where it answers, over UDP and TCP. */
  List<TransportAddress> addresses() {
    return sites.stream().map(Site::at).toList();
  }

  @Override
  public void receive(Flow from, Bytes payload, MonotonicTime now) {
    if (from.transport() == Transport.UDP) {
      answer(from, payload, sites.get((int) from.id()).responder());
      return;
    }
    BindingResponder responder = overTcp.get(from.local());
    if (responder != null) {
      StreamFraming framing =
          streams.computeIfAbsent(from.id(), fresh -> new StreamFraming(false, ROOM));
      framing.feed(payload).forEach(message -> answer(from, message, responder));
    }
  }

  private void answer(Flow from, Bytes request, BindingResponder responder) {
    ByteBuffer response = ByteBuffer.allocate(ROOM);
    TransportAddress client = from.remote();
    boolean sent =
        responder
            .respond(request.asByteBuffer(), client.ip(), client.port(), response, reply)
            .isSent();
    if (sent) {
      Flow back = from.transport() == Transport.UDP ? wayBack(from) : from;
      outputs.add(new Output.Send(back, Bytes.copyOf(response.flip())));
    }
  }

  private Flow wayBack(Flow from) {
    TransportAddress source = sites.get((int) from.id()).service().addressOf(reply.source());
    int id = addresses().indexOf(source);
    return new Flow(id, Transport.UDP, source, from.remote().withPort(reply.port()));
  }

  @Override
  public void accept(Input input, MonotonicTime now) {
    if (input instanceof Input.Closed closed) {
      streams.remove(closed.id());
    } else if (input instanceof Input.BindFailed failed) {
      events.add(failed);
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
  public Optional<Input.BindFailed> pollEvent() {
    return Optional.ofNullable(events.poll());
  }
}

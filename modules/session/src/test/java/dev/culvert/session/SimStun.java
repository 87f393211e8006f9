package dev.culvert.session;

import dev.culvert.natsim.Host;
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
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;

/** A STUN server with two addresses and two ports (RFC 5780), by the engine that the node has. */
final class SimStun implements Machine<String> {
  private static final int PORT = 3478;
  private static final int OTHER_PORT = 3479;

  private final List<BindingService> services = new ArrayList<>();
  private final List<BindingResponder> responders = new ArrayList<>();
  private final List<TransportAddress> sites = new ArrayList<>();
  private final Queue<Output> outputs = new ArrayDeque<>();
  private final BindingReply reply = new BindingReply();

  private SimStun(InetAddress one, InetAddress other) {
    for (InetAddress ip : List.of(one, other)) {
      for (int port : new int[] {PORT, OTHER_PORT}) {
        TransportAddress site = new TransportAddress(ip, port);
        TransportAddress opposite =
            new TransportAddress(ip.equals(one) ? other : one, port == PORT ? OTHER_PORT : PORT);
        BindingService service = BindingService.alternating(site, opposite);
        outputs.add(new Output.Bind(sites.size(), site));
        sites.add(site);
        services.add(service);
        responders.add(new BindingResponder(service));
      }
    }
  }

  /** Runs on a host that has both addresses; where it is asked. */
  static TransportAddress on(Host host, InetAddress one, InetAddress other) {
    host.run(new SimStun(one, other), event -> {});
    return new TransportAddress(one, PORT);
  }

  @Override
  public void receive(Flow from, Bytes payload, MonotonicTime now) {
    int asked = (int) from.id();
    ByteBuffer response = ByteBuffer.allocate(2048);
    TransportAddress client = from.remote();
    boolean sent =
        responders
            .get(asked)
            .respond(payload.asByteBuffer(), client.ip(), client.port(), response, reply)
            .isSent();
    if (sent) {
      TransportAddress leaves = services.get(asked).addressOf(reply.source());
      TransportAddress to = new TransportAddress(client.ip(), reply.port());
      outputs.add(
          new Output.Send(
              new Flow(sites.indexOf(leaves), Transport.UDP, leaves, to),
              Bytes.copyOf(response.flip())));
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

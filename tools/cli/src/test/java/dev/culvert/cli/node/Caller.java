package dev.culvert.cli.node;

import dev.culvert.identity.PeerId;
import dev.culvert.identity.PeerKey;
import dev.culvert.identity.SpkiPin;
import dev.culvert.rendezvous.NodeUrl;
import dev.culvert.rendezvous.client.ClientEvent;
import dev.culvert.rendezvous.client.NodeClient;
import dev.culvert.rendezvous.wire.Frame;
import dev.culvert.rendezvous.wire.FrameText;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.Machine;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.ServerIdentity;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.transport.MachineDriver;
import dev.culvert.transport.NetworkRuntime;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;

/** A peer on real sockets that is connected with one node. */
final class Caller implements AutoCloseable {
  final PeerKey key = PeerKey.generate(new SecureRandom());
  private final BlockingQueue<ClientEvent> events = new LinkedBlockingQueue<>();
  private final Line line;
  private final MachineDriver<ClientEvent> driver;

  /** Calls a node that has to be this one, by its key or its certificate. */
  Caller(NetworkRuntime runtime, NodeUrl url, PeerId node) {
    this(runtime, url, url, node);
  }

  /** The same, as if it had been told another name of the node. */
  Caller(NetworkRuntime runtime, NodeUrl place, NodeUrl name, PeerId node) {
    line = new Line(place, name, node);
    driver = runtime.drive(line, events::add);
  }

  /** What it is told next of this kind; fails if that is nothing for long. */
  <T extends ClientEvent> T next(Class<T> type) throws InterruptedException {
    while (true) {
      ClientEvent event = events.poll(30, TimeUnit.SECONDS);
      if (event == null) {
        throw new AssertionError("nothing of " + type.getSimpleName());
      }
      if (type.isInstance(event)) {
        return type.cast(event);
      }
      if (event instanceof ClientEvent.Ended ended) {
        throw new AssertionError(ended.reason());
      }
    }
  }

  Frame ask(LongFunction<Frame.Request> request) throws InterruptedException {
    driver.execute(now -> line.client.orElseThrow().ask(request, now));
    return next(ClientEvent.Answered.class).answer().orElseThrow();
  }

  /** Closes its connection; harmless when repeated. */
  void leave() {
    driver.close();
  }

  @Override
  public void close() {
    driver.close();
  }

  private final class Line implements Machine<ClientEvent> {
    private final NodeUrl told;
    private final PeerId node;
    private Optional<Output> opening;
    private Optional<NodeClient> client = Optional.empty();

    Line(NodeUrl url, NodeUrl told, PeerId node) {
      this.told = told;
      this.node = node;
      ServerIdentity server =
          new ServerIdentity.HostNameOrKey(
              new ServerIdentity.HostName(url.host()),
              new ServerIdentity.PinnedKey(SpkiPin.of(node).sha256()));
      opening =
          Optional.of(
              new Output.OpenWebSocket(
                  1,
                  new TransportAddress(IpLiterals.parse(url.host()).orElseThrow(), url.port()),
                  url.host(),
                  url.path(),
                  FrameText.SUBPROTOCOL,
                  url.secure() ? Optional.of(server) : Optional.empty()));
    }

    @Override
    public void receive(Flow from, Bytes payload, MonotonicTime now) {
      client.ifPresent(its -> its.receive(payload, now));
    }

    @Override
    public void accept(Input input, MonotonicTime now) {
      if (input instanceof Input.Opened opened) {
        client =
            Optional.of(
                new NodeClient(
                    opened.flow(),
                    key,
                    told.toString(),
                    Optional.of(node),
                    Optional.empty(),
                    new SecureRandom(),
                    InstantSource.system(),
                    now));
      } else if (input instanceof Input.Closed closed && client.isEmpty()) {
        events.add(new ClientEvent.Ended(closed.detail(), Optional.empty(), false, false));
      }
      client.ifPresent(its -> its.accept(input));
    }

    @Override
    public void advance(MonotonicTime now) {
      client.ifPresent(its -> its.advance(now));
    }

    @Override
    public Optional<MonotonicTime> nextDeadline() {
      return client.flatMap(NodeClient::nextDeadline);
    }

    @Override
    public Optional<Output> pollOutput() {
      Optional<Output> next = opening.or(() -> client.flatMap(NodeClient::pollOutput));
      opening = Optional.empty();
      return next;
    }

    @Override
    public Optional<ClientEvent> pollEvent() {
      return client.flatMap(NodeClient::pollEvent);
    }
  }
}

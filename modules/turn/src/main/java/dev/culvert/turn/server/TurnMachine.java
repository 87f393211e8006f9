package dev.culvert.turn.server;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.CloseCause;
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
import dev.culvert.stun.StunCodec;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;

/**
 * A whole relay as one machine, for drivers that run machines, such as a simulator's host: {@link
 * TurnServer} with UDP sockets of its own, and the answers to Binding requests (RFC 8489, RFC
 * 8656).
 *
 * <p>It binds its UDP sockets itself; the driver listens for TCP and TLS on the same addresses and
 * tells of each connection by {@link Input.Opened} with a negative id. Confined to one thread.
 */
public final class TurnMachine implements Machine<TurnMachine.Event> {
  /**
   * The driver knows the server's sockets by ids from 0, those of the engine from here on, and
   * accepted connections below 0. The engine knows the server's sockets from -1 downwards,
   * connections below the negative of this, and its own from 0.
   */
  private static final int RELAY = 1 << 20;

  private static final int ROOM = 2048;
  private static final int LONGEST = 66_000;
  private static final int BINDING_REQUEST = 0x0001;

  private final TurnServer engine;
  private final List<TransportAddress> plain;
  private final List<BindingResponder> responders = new ArrayList<>();
  private final Map<TransportAddress, BindingResponder> overStreams = new HashMap<>();
  private final Map<Long, StreamFraming> streams = new HashMap<>();
  private final Queue<Output> outputs = new ArrayDeque<>();
  private final Queue<Event> events = new ArrayDeque<>();
  private final BindingReply reply = new BindingReply();

  /** What a relay tells. */
  public sealed interface Event {
    /** The engine told something. */
    record Relay(TurnEvent event) implements Event {}

    /**
     * There is no UDP socket on one of its addresses.
     *
     * @param local which
     * @param reason one line for people
     */
    record NotBound(TransportAddress local, String reason) implements Event {}
  }

  /**
   * A relay that has not begun.
   *
   * @param engine that nobody else drives
   * @param plain where it answers over UDP and, if the driver listens there, over TCP
   * @param secure where the driver listens for TLS
   */
  public TurnMachine(
      TurnServer engine, List<TransportAddress> plain, List<TransportAddress> secure) {
    this.engine = engine;
    this.plain = List.copyOf(plain);
    for (TransportAddress site : plain) {
      BindingService service = BindingService.single(site);
      outputs.add(new Output.Bind(responders.size(), site));
      responders.add(new BindingResponder(service));
      overStreams.put(site, new BindingResponder(service.over(Transport.TCP)));
    }
    for (TransportAddress site : secure) {
      overStreams.put(site, new BindingResponder(BindingService.single(site).over(Transport.TLS)));
    }
  }

  @Override
  public void receive(Flow from, Bytes payload, MonotonicTime now) {
    BindingResponder overStream = overStreams.get(from.local());
    if (from.id() >= RELAY || (from.id() < 0 && overStream == null)) {
      engine.receive(inward(from), payload, now);
    } else if (from.id() >= 0) {
      take(from, payload, responders.get((int) from.id()), now);
    } else if (engine.splice(inward(from.id())) != TurnServer.NONE) {
      engine.receive(inward(from), payload, now);
    } else if (overStream != null) {
      takePiece(from, payload, overStream, now);
    }
  }

  private void takePiece(Flow from, Bytes piece, BindingResponder responder, MonotonicTime now) {
    StreamFraming framing =
        streams.computeIfAbsent(from.id(), fresh -> new StreamFraming(true, LONGEST));
    framing.feed(piece).forEach(message -> take(from, message, responder, now));
    if (framing.fault().isPresent()) {
      outputs.add(new Output.Close(from.id()));
      accept(new Input.Closed(from.id(), CloseCause.OTHER, "no STUN"), now);
    }
  }

  private void take(Flow from, Bytes message, BindingResponder responder, MonotonicTime now) {
    if (!StunCodec.looksLikeStun(message) || message.uint16(0) != BINDING_REQUEST) {
      engine.receiveMessage(inward(from), message, now);
      return;
    }
    ByteBuffer response = ByteBuffer.allocate(ROOM);
    TransportAddress client = from.remote();
    boolean sent =
        responder
            .respond(message.asByteBuffer(), client.ip(), client.port(), response, reply)
            .isSent();
    if (sent) {
      outputs.add(new Output.Send(from, Bytes.copyOf(response.flip())));
    }
  }

  @Override
  public void accept(Input input, MonotonicTime now) {
    if (input instanceof Input.Bound bound) {
      if (bound.id() >= RELAY) {
        engine.accept(new Input.Bound(inward(bound.id()), bound.local(), bound.ttl()), now);
      }
    } else if (input instanceof Input.BindFailed failed) {
      if (failed.id() >= RELAY) {
        engine.accept(new Input.BindFailed(inward(failed.id()), failed.detail()), now);
      } else if (failed.id() >= 0) {
        events.add(new Event.NotBound(plain.get((int) failed.id()), failed.detail()));
      }
    } else if (input instanceof Input.Opened opened) {
      engine.accept(new Input.Opened(inward(opened.flow())), now);
    } else if (input instanceof Input.Closed closed) {
      streams.remove(closed.id());
      engine.accept(new Input.Closed(inward(closed.id()), closed.cause(), closed.detail()), now);
    } else if (input instanceof Input.Writable writable) {
      engine.accept(new Input.Writable(inward(writable.id()), writable.writable()), now);
    } else if (input instanceof Input.Unreachable unreachable) {
      engine.accept(new Input.Unreachable(inward(unreachable.flow()), unreachable.cause()), now);
    }
  }

  @Override
  public void advance(MonotonicTime now) {
    engine.advance(now);
  }

  @Override
  public Optional<MonotonicTime> nextDeadline() {
    return engine.nextDeadline();
  }

  @Override
  public Optional<Output> pollOutput() {
    return Optional.ofNullable(outputs.poll())
        .or(() -> engine.pollOutput().map(TurnMachine::outward));
  }

  @Override
  public Optional<Event> pollEvent() {
    return Optional.ofNullable(events.poll()).or(() -> engine.pollEvent().map(Event.Relay::new));
  }

  private static Flow inward(Flow flow) {
    return new Flow(inward(flow.id()), flow.transport(), flow.local(), flow.remote());
  }

  private static long inward(long id) {
    if (id >= RELAY) {
      return id - RELAY;
    }
    return id >= 0 ? -1 - id : id - RELAY;
  }

  private static long outward(long id) {
    if (id >= 0) {
      return id + RELAY;
    }
    return id < -RELAY ? id + RELAY : -1 - id;
  }

  private static Output outward(Output output) {
    if (output instanceof Output.Send send) {
      Flow flow = send.flow();
      return new Output.Send(
          new Flow(outward(flow.id()), flow.transport(), flow.local(), flow.remote()),
          send.payload(),
          send.ttl(),
          send.dontFragment());
    } else if (output instanceof Output.Bind bind) {
      return new Output.Bind(outward(bind.id()), bind.local());
    } else if (output instanceof Output.Listen listen) {
      return new Output.Listen(outward(listen.id()), listen.local());
    } else if (output instanceof Output.Open open) {
      return new Output.Open(
          outward(open.id()), open.transport(), open.local(), open.remote(), open.server());
    } else if (output instanceof Output.Close close) {
      return new Output.Close(outward(close.id()));
    }
    return output;
  }
}

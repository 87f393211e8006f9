package dev.culvert.cli.lab.verb;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Machine;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import dev.culvert.turn.server.TurnMachine;
import java.util.Optional;

/**
 * A relay and a responder with a second address (RFC 5780) on the same sockets of a virtual
 * Internet, as {@code culvert node} has them: Binding requests over UDP are for the responder, all
 * else is for the relay, which binds the sockets. Both know the sockets by the same ids.
 */
final class RelayingNode implements Machine<TurnMachine.Event> {
  private static final int BINDING_REQUEST = 0x0001;
  private static final int HEAD = 20;

  private final NodeMachine responder;
  private final TurnMachine relay;
  private final int sites;

  /**
   * A node that has not begun.
   *
   * @param relay with the addresses of {@code responder}, in their order
   */
  RelayingNode(NodeMachine responder, TurnMachine relay) {
    this.responder = responder;
    this.relay = relay;
    this.sites = responder.addresses().size();
  }

  @Override
  public void receive(Flow from, Bytes payload, MonotonicTime now) {
    boolean own = from.transport() == Transport.UDP && from.id() >= 0 && from.id() < sites;
    if (own && payload.length() >= HEAD && payload.uint16(0) == BINDING_REQUEST) {
      responder.receive(from, payload, now);
    } else {
      relay.receive(from, payload, now);
    }
  }

  @Override
  public void accept(Input input, MonotonicTime now) {
    relay.accept(input, now);
  }

  @Override
  public void advance(MonotonicTime now) {
    relay.advance(now);
  }

  @Override
  public Optional<MonotonicTime> nextDeadline() {
    return relay.nextDeadline();
  }

  @Override
  public Optional<Output> pollOutput() {
    Optional<Output> next = responder.pollOutput();
    while (next.filter(Output.Bind.class::isInstance).isPresent()) {
      next = responder.pollOutput();
    }
    return next.or(relay::pollOutput);
  }

  @Override
  public Optional<TurnMachine.Event> pollEvent() {
    return relay.pollEvent();
  }
}

package dev.culvert.session;

import dev.culvert.ice.Base;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.turn.client.TurnClient;
import dev.culvert.turn.client.TurnClientEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An allocation on a relay as one more local address: what is sent on a flow of it comes out at the
 * relay, and what the relay gets comes in on such a flow (RFC 8656).
 */
final class Tunnel {
  private final Relay relay;
  private final long id;
  private final TurnClient client;
  private final Optional<Base> socket;
  private final MonotonicTime began;
  private final List<TransportAddress> relayed = new ArrayList<>();
  private boolean settled;
  private boolean renewing;

  /** Is told what the relay did. */
  interface Listener {
    /** It stands, seen by the relay as {@code mapped}. */
    void stands(Tunnel tunnel, TransportAddress mapped, Duration took, MonotonicTime now);

    void received(Flow from, Bytes data, MonotonicTime now);

    void unreachable(Flow flow, CloseCause cause, MonotonicTime now);

    /** It is gone; another one may come. */
    void lost(Tunnel tunnel, String reason, MonotonicTime now);

    /** It never came to be, or not again, and the client has given up. */
    void failed(Tunnel tunnel, String reason, Duration took, MonotonicTime now);

    void closed(Tunnel tunnel);
  }

  /**
   * A tunnel that was not begun.
   *
   * @param id of its inner flows
   * @param socket whose socket the client shares; empty if it opens a connection of its own
   */
  Tunnel(Relay relay, long id, TurnClient client, Optional<Base> socket, MonotonicTime now) {
    this.relay = relay;
    this.id = id;
    this.client = client;
    this.socket = socket;
    this.began = now;
  }

  Relay relay() {
    return relay;
  }

  long id() {
    return id;
  }

  TurnClient client() {
    return client;
  }

  /** The socket that it shares; empty for one with a connection of its own. */
  Optional<Base> socket() {
    return socket;
  }

  /** Whether it stands, or never will. */
  boolean isSettled() {
    return (settled && !renewing) || client.hasEnded();
  }

  /** What peers send to, each as something to send from. */
  List<Base> bases() {
    return relayed.stream().map(address -> new Base(id, Transport.UDP, address)).toList();
  }

  /** Gives up what there is of it; nothing is told of that. */
  void abandon(Desk desk, MonotonicTime now) {
    client.close(now);
    for (Optional<Output> next = client.pollOutput();
        next.isPresent();
        next = client.pollOutput()) {
      desk.put(next.get());
    }
  }

  /** Whether what it had is gone, and the client tries for another. */
  boolean isRenewing() {
    return renewing;
  }

  void send(Flow flow, Bytes data, MonotonicTime now) {
    if (data.length() <= TurnClient.MOST_DATA && flow.remote().port() != 0) {
      client.send(flow.remote(), data, now);
    }
  }

  /**
   * Does what the client wants done, and tells what it told.
   *
   * @return whether there was anything
   */
  boolean drain(Desk desk, Listener listener, MonotonicTime now) {
    boolean busy = false;
    for (Optional<Output> next = client.pollOutput();
        next.isPresent();
        next = client.pollOutput()) {
      desk.put(next.get());
      busy = true;
    }
    for (Optional<TurnClientEvent> next = client.pollEvent();
        next.isPresent();
        next = client.pollEvent()) {
      take(next.get(), listener, now);
      busy = true;
    }
    return busy;
  }

  private void take(TurnClientEvent event, Listener listener, MonotonicTime now) {
    if (event instanceof TurnClientEvent.Received received) {
      flow(received.peer()).ifPresent(from -> listener.received(from, received.data(), now));
    } else if (event instanceof TurnClientEvent.Allocated allocated) {
      settled = true;
      renewing = false;
      relayed.addAll(allocated.relayed());
      listener.stands(this, allocated.mapped(), now.since(began), now);
    } else if (event instanceof TurnClientEvent.PeerUnreachable unreachable) {
      flow(unreachable.peer())
          .ifPresent(flow -> listener.unreachable(flow, CloseCause.UNREACHABLE, now));
    } else if (event instanceof TurnClientEvent.Lost lost) {
      relayed.clear();
      renewing = true;
      listener.lost(this, lost.reason(), now);
    } else if (event instanceof TurnClientEvent.Failed failed) {
      settled = true;
      String code = failed.code() == 0 ? "" : failed.code() + " ";
      listener.failed(this, code + failed.reason(), now.since(began), now);
    } else if (event instanceof TurnClientEvent.Closed) {
      listener.closed(this);
    }
  }

  private Optional<Flow> flow(TransportAddress peer) {
    return relayed.stream()
        .filter(address -> address.isIpv4() == peer.isIpv4())
        .findFirst()
        .map(address -> new Flow(id, Transport.UDP, address, peer));
  }
}

package dev.culvert.rendezvous.node;

import dev.culvert.identity.PeerId;
import dev.culvert.rendezvous.LocalNodes;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.Machine;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.TransportAddress;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;

/**
 * Lets a node be found on the links of its addresses, by multicast DNS, for as long as it is
 * driven. It tells, in a line for people each, where it cannot be.
 *
 * <p>Confined to one thread.
 */
public final class LocalAnnouncement implements Machine<String> {
  private final Queue<Output> outputs = new ArrayDeque<>();
  private final Queue<String> events = new ArrayDeque<>();
  private final Map<Long, TransportAddress> addresses = new HashMap<>();

  /**
   * An announcement that begins when it is driven.
   *
   * @param node which node
   * @param places where it serves WebSockets over TLS; wildcards and loopback are passed over, as
   *     they say nothing to others
   * @param path at which, at least {@code /}
   */
  public LocalAnnouncement(PeerId node, Collection<TransportAddress> places, String path) {
    long id = 1;
    for (TransportAddress place : places) {
      if (!place.ip().isAnyLocalAddress() && !place.ip().isLoopbackAddress()) {
        addresses.put(id, place);
        outputs.add(
            new Output.Announce(id, LocalNodes.announcement(node, place.port(), path), place.ip()));
        id++;
      }
    }
  }

  @Override
  public void receive(Flow from, Bytes payload, MonotonicTime now) {
    // It has no connections.
  }

  @Override
  public void accept(Input input, MonotonicTime now) {
    if (input instanceof Input.PublishFailed failed) {
      TransportAddress place = addresses.get(failed.id());
      if (place != null) {
        String ip = IpLiterals.format(place.ip(), false);
        events.add("not found on the local network of " + ip + ": " + failed.detail());
      }
    }
  }

  @Override
  public void advance(MonotonicTime now) {
    // Everything is asked for at once.
  }

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
    return Optional.ofNullable(events.poll());
  }
}

package dev.culvert.natsim;

import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.TransportAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** What an internal address and port is outside, for as long as it lives. */
final class Mapping {
  final Protocol protocol;
  final TransportAddress internal;
  final TransportAddress external;
  final boolean neighbour;
  private final Map<TransportAddress, Stream> streams = new HashMap<>();
  private MonotonicTime until;

  /** A TCP connection that goes through a mapping. */
  private static final class Stream {
    private boolean established;
    private boolean closing;
    private MonotonicTime until = new MonotonicTime(0);

    void saw(Packet packet, StreamRule rule, MonotonicTime now) {
      switch (packet.signal()) {
        case SYN -> closing = false;
        case SYN_ACK -> established = true;
        case FIN, RST -> closing = true;
        default -> {}
      }
      boolean idle = established && !closing;
      until = now.plus(idle ? rule.established() : rule.transitory());
    }
  }

  Mapping(
      Protocol protocol,
      TransportAddress internal,
      TransportAddress external,
      boolean neighbour,
      MonotonicTime until) {
    this.protocol = protocol;
    this.internal = internal;
    this.external = external;
    this.neighbour = neighbour;
    this.until = until;
  }

  void refresh(MonotonicTime newUntil) {
    until = newUntil;
  }

  /** Notes a segment of a connection. */
  void saw(Packet packet, TransportAddress remote, StreamRule rule, MonotonicTime now) {
    streams.computeIfAbsent(remote, key -> new Stream()).saw(packet, rule, now);
  }

  /** Whether a connection to such a remote side is open, opening or closing. */
  boolean hasStream(Predicate<TransportAddress> remote, MonotonicTime now) {
    return streams.entrySet().stream()
        .anyMatch(stream -> now.isBefore(stream.getValue().until) && remote.test(stream.getKey()));
  }

  boolean isLive(MonotonicTime now) {
    return now.isBefore(until)
        || (!streams.isEmpty()
            && streams.values().stream().anyMatch(stream -> now.isBefore(stream.until)));
  }

  @Override
  public String toString() {
    Optional<String> whose = Optional.of("a neighbour's").filter(any -> neighbour);
    return whose.orElse(internal.toString()) + " as " + protocol + " " + external;
  }
}

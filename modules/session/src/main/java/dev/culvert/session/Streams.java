package dev.culvert.session;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.stun.StunCodec;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The TCP connections of ICE, each cut into messages (RFC 6544 §3, RFC 4571). */
final class Streams {
  /** Whoever connected and has not shown yet whose peer he is takes one of these places only. */
  private static final int MOST_STRANGERS = 256;

  private static final Duration STRANGER = Duration.ofSeconds(10);

  private final Desk desk;
  private final Map<Long, Stream> links = new LinkedHashMap<>();
  private final Map<Long, Stream> strangers = new LinkedHashMap<>();
  private final Set<Long> full = new HashSet<>();

  /** One of them; a stranger's is closed in the end. */
  private record Stream(LengthFraming framing, Optional<PeerLink> link, MonotonicTime end) {}

  Streams(Desk desk) {
    this.desk = desk;
  }

  /** A link connects. */
  void opening(long id, PeerLink link, MonotonicTime now) {
    links.put(id, new Stream(new LengthFraming(), Optional.of(link), now));
  }

  /** Somebody connected. */
  void accepted(Flow flow, MonotonicTime now) {
    strangers.put(flow.id(), new Stream(new LengthFraming(), Optional.empty(), now.plus(STRANGER)));
    if (strangers.size() > MOST_STRANGERS) {
      close(strangers.keySet().iterator().next());
    }
  }

  boolean has(long id) {
    return links.containsKey(id) || strangers.containsKey(id);
  }

  /** Whose connection it is; empty as long as nobody has shown that it is his. */
  Optional<PeerLink> link(long id) {
    return Optional.ofNullable(links.get(id)).flatMap(Stream::link);
  }

  /**
   * A check for this link came on it; the link's agent looks after it from now on.
   *
   * @return whether it was a stranger's before
   */
  boolean belongs(long id, PeerLink link) {
    Stream stream = strangers.remove(id);
    if (stream != null) {
      links.put(id, new Stream(stream.framing(), Optional.of(link), stream.end()));
    }
    return stream != null;
  }

  /** What came was nobody's: nobody but a peer has any business here. */
  void distrust(long id) {
    if (strangers.containsKey(id)) {
      close(id);
    }
  }

  /** The messages that became complete. */
  List<Bytes> take(Flow from, Bytes piece) {
    Stream stream = links.getOrDefault(from.id(), strangers.get(from.id()));
    return stream == null ? List.of() : stream.framing().feed(piece);
  }

  /** Whether there is room for more; a stream that is full for long is closed. */
  void room(long id, boolean isThere) {
    if (isThere) {
      full.remove(id);
    } else if (has(id)) {
      full.add(id);
    }
  }

  boolean hasRoom(long id) {
    return !full.contains(id);
  }

  /** A stream that is full takes checks alone. */
  void send(Flow flow, Bytes message) {
    if (hasRoom(flow.id()) || StunCodec.looksLikeStun(message)) {
      put(flow, message);
    }
  }

  private void put(Flow flow, Bytes message) {
    if (message.length() <= LengthFraming.MOST) {
      desk.put(new Output.Send(flow, LengthFraming.frame(message)));
    }
  }

  void advance(MonotonicTime now) {
    List<Long> late =
        strangers.entrySet().stream()
            .filter(each -> !now.isBefore(each.getValue().end()))
            .map(Map.Entry::getKey)
            .toList();
    late.forEach(this::close);
  }

  Optional<MonotonicTime> nextDeadline() {
    return strangers.values().stream().map(Stream::end).min(Comparator.naturalOrder());
  }

  void forget(long id) {
    full.remove(id);
    links.remove(id);
    strangers.remove(id);
  }

  /** A link is gone, and with it all connections that are its own. */
  void forget(PeerLink link) {
    List<Long> its =
        links.entrySet().stream()
            .filter(each -> each.getValue().link().filter(link::equals).isPresent())
            .map(Map.Entry::getKey)
            .toList();
    its.forEach(this::close);
  }

  void closeAll() {
    List.copyOf(strangers.keySet()).forEach(this::close);
  }

  private void close(long id) {
    forget(id);
    desk.put(new Output.Close(id));
  }
}

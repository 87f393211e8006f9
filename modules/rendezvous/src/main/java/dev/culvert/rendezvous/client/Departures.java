package dev.culvert.rendezvous.client;

import dev.culvert.identity.PeerId;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.NodeSource;
import dev.culvert.rendezvous.NodeUrl;
import dev.culvert.rendezvous.wire.Frame;
import dev.culvert.sansio.MonotonicTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Nodes that send a peer elsewhere: it goes at a moment of its own, and not back at once. */
final class Departures {
  private static final Duration LONGEST = Duration.ofMinutes(10);
  private static final Duration AWAY = Duration.ofMinutes(1);

  /** After so long a connection was no accident. */
  private static final Duration RELIABLE = Duration.ofMinutes(1);

  private final Means means;
  private final Places places;
  private final Lines lines;
  private final Map<Line, MonotonicTime> due = new HashMap<>();
  private final Map<Line, MonotonicTime> since = new HashMap<>();
  private final Map<Line, MonotonicTime> back = new HashMap<>();

  Departures(Means means, Places places, Lines lines) {
    this.means = means;
    this.places = places;
    this.lines = lines;
  }

  void welcomed(Line line, MonotonicTime now) {
    since.put(line, now);
  }

  void redirected(Line line, Frame.Redirect redirect, MonotonicTime now) {
    Duration within = redirect.within().compareTo(LONGEST) > 0 ? LONGEST : redirect.within();
    long spread = Math.max(1, within.toNanos() / 2);
    due.put(line, now.plus(Duration.ofNanos(means.random.nextLong(spread))));
    back.put(line, now.plus(within).plus(means.around(AWAY)));
    List<NodeUrl> urls =
        redirect.urls().stream().map(NodeUrl::parse).flatMap(Optional::stream).limit(4).toList();
    line.node()
        .ifPresent(
            teller ->
                urls.stream()
                    .filter(url -> url.secure() || line.isNear())
                    .forEach(url -> know(url, teller)));
  }

  private void know(NodeUrl url, PeerId teller) {
    if (!places.isFullOf(teller)) {
      places
          .know(new KnownNode(Optional.empty(), List.of(url), NodeSource.TOLD))
          .filter(its -> its.teller().isEmpty())
          .ifPresent(its -> its.toldBy(teller));
    }
  }

  void advance(MonotonicTime now) {
    for (Line line : new ArrayList<>(due.keySet())) {
      if (!now.isBefore(due.getOrDefault(line, now))) {
        due.remove(line);
        lines.leave(line);
      }
    }
  }

  void ended(Line line, MonotonicTime now) {
    MonotonicTime welcome = since.get(line);
    if (welcome != null && now.since(welcome).compareTo(RELIABLE) >= 0) {
      line.place().isReliable();
    }
  }

  void gone(Line line) {
    MonotonicTime again = back.remove(line);
    if (again != null) {
      line.place().leave("it sent this peer elsewhere", again);
    }
    due.remove(line);
    since.remove(line);
  }

  Optional<MonotonicTime> nextDeadline() {
    return due.values().stream().min(MonotonicTime::compareTo);
  }
}

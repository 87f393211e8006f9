package dev.culvert.rendezvous.client;

import dev.culvert.rendezvous.wire.Frame;
import dev.culvert.sansio.MonotonicTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** What lets a peer use the relays of its nodes: it lives shortly, and is renewed in time. */
final class Credentials {
  private static final Duration RETRY = Duration.ofSeconds(30);
  private static final Duration LONGEST = Duration.ofHours(12);

  private final NodeTime time;
  private final Consumer<Line> whenRenewed;
  private final Map<Line, List<Frame.RelayOffer>> renewed = new HashMap<>();
  private final Map<Line, MonotonicTime> due = new HashMap<>();

  Credentials(NodeTime time, Consumer<Line> whenRenewed) {
    this.time = time;
    this.whenRenewed = whenRenewed;
  }

  /** Those that hold now. */
  List<Frame.RelayOffer> of(Line line) {
    List<Frame.RelayOffer> said =
        line.welcome().map(its -> its.welcome().relays()).orElseGet(List::of);
    return renewed.getOrDefault(line, said);
  }

  /** Asks for new ones once half of the life of the old ones is over. */
  void advance(List<Line> lasting, MonotonicTime now) {
    due.keySet().retainAll(lasting);
    for (Line line : lasting) {
      Optional<Instant> end =
          of(line).stream().map(Frame.RelayOffer::expiry).min(Instant::compareTo);
      if (end.isEmpty()) {
        continue;
      }
      MonotonicTime when = due.computeIfAbsent(line, fresh -> now.plus(half(end.get())));
      if (!now.isBefore(when)) {
        due.put(line, now.plus(RETRY));
        line.ask(Frame.AskRelays::new, answer -> renewed(line, answer), now);
      }
    }
  }

  private Duration half(Instant end) {
    Duration half = Duration.between(time.now(), end).dividedBy(2);
    return half.compareTo(RETRY) < 0 ? RETRY : half.compareTo(LONGEST) > 0 ? LONGEST : half;
  }

  private void renewed(Line line, Optional<Frame> answer) {
    if (answer.isPresent()
        && answer.get() instanceof Frame.Relays relays
        && due.containsKey(line)) {
      renewed.put(line, relays.relays());
      due.remove(line);
      whenRenewed.accept(line);
    }
  }

  void gone(Line line) {
    renewed.remove(line);
    due.remove(line);
  }

  Optional<MonotonicTime> nextDeadline() {
    return due.values().stream().min(MonotonicTime::compareTo);
  }
}

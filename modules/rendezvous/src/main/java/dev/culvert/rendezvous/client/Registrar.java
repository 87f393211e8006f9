package dev.culvert.rendezvous.client;

import dev.culvert.identity.Signed;
import dev.culvert.rendezvous.PeerRecord;
import dev.culvert.rendezvous.wire.Frame;
import dev.culvert.sansio.MonotonicTime;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Has a peer found at the nodes that it is attached to. */
final class Registrar {
  private static final Duration RETRY = Duration.ofSeconds(5);

  /** Who is told to wait for longer than this had better be found elsewhere. */
  private static final Duration LONGEST_RETRY = Duration.ofMinutes(1);

  private static final int MOST_FAILURES = 2;

  /** What one node knows of this peer. */
  private static final class Entry {
    private long sequence = -1;
    private boolean found;
    private boolean asking;
    private int failures;
    private Optional<String> hopeless = Optional.empty();
    private Optional<Duration> wait = Optional.empty();
    private Optional<MonotonicTime> again = Optional.empty();
  }

  private final AttachmentsConfig config;
  private final Means means;
  private final OwnRecord record;
  private final Map<Line, Entry> entries = new HashMap<>();
  private List<Line> kept = List.of();

  Registrar(AttachmentsConfig config, Means means, OwnRecord record) {
    this.config = config;
    this.means = means;
    this.record = record;
  }

  /** Whether the peer is found there. */
  boolean isFound(Line line) {
    Entry entry = entries.get(line);
    return !config.findable() || (entry != null && entry.found);
  }

  void gone(Line line) {
    entries.remove(line);
  }

  /** Whether it was ever told of the peer. */
  boolean wasAsked(Line line) {
    return entries.containsKey(line);
  }

  /** Why a node will not have the peer, if it will not. */
  Optional<String> refusal(Line line) {
    return Optional.ofNullable(entries.get(line)).flatMap(entry -> entry.hopeless);
  }

  /** How long it said that it will not. */
  Optional<Duration> refusedFor(Line line) {
    return Optional.ofNullable(entries.get(line)).flatMap(entry -> entry.wait);
  }

  /** Sees to it that these nodes have the record that holds now. */
  void keep(Collection<Line> wanted, MonotonicTime now) {
    kept = List.copyOf(wanted);
    if (config.findable()) {
      wanted.forEach(line -> keep(line, now));
    }
  }

  private void keep(Line line, MonotonicTime now) {
    Entry entry = entries.computeIfAbsent(line, fresh -> new Entry());
    entry.again = entry.again.or(() -> entry.wait.map(now::plus));
    boolean early = entry.again.filter(now::isBefore).isPresent();
    if (entry.asking || early || entry.hopeless.isPresent()) {
      return;
    }
    entry.again = Optional.empty();
    entry.wait = Optional.empty();
    Signed signed = record.signed(now);
    long sequence = record.sequence();
    if (entry.sequence == sequence) {
      return;
    }
    entry.asking = true;
    line.ask(
        id -> new Frame.Register(id, signed, config.namespaces()),
        answer -> answered(line, entry, sequence, answer, now),
        now);
  }

  private void answered(
      Line line, Entry entry, long sequence, Optional<Frame> answer, MonotonicTime asked) {
    entry.asking = false;
    if (answer.isPresent() && answer.get() instanceof Frame.Registered) {
      entry.sequence = sequence;
      entry.found = true;
      entry.failures = 0;
    } else if (answer.isPresent() && answer.get() instanceof Frame.Refusal refusal) {
      refused(line, entry, refusal, asked);
    } else {
      again(entry, "it does not answer", RETRY);
    }
  }

  private void refused(Line line, Entry entry, Frame.Refusal refusal, MonotonicTime asked) {
    Optional<Duration> wait = refusal.retryAfter().map(Place::bounded);
    String reason = "it does not register this peer: " + refusal.reason();
    if (refusal.code() == Frame.Code.STALE) {
      // It may have a later one, from before a restart with another clock.
      entry.asking = true;
      line.ask(
          id -> new Frame.Lookup(id, means.key.id()),
          answer -> {
            entry.asking = false;
            answer.flatMap(this::ownSequence).ifPresent(record::isAfter);
            again(entry, reason, Duration.ofSeconds(1));
          },
          asked);
    } else if (refusal.code() == Frame.Code.TOO_OFTEN
        && wait.orElse(RETRY).compareTo(LONGEST_RETRY) <= 0) {
      entry.wait = Optional.of(wait.orElse(RETRY));
    } else {
      entry.hopeless = Optional.of(reason);
      entry.wait = wait;
    }
  }

  private Optional<Long> ownSequence(Frame answer) {
    return answer instanceof Frame.Found found && found.record().signer().equals(means.key.id())
        ? PeerRecord.read(found.record()).map(PeerRecord::sequence)
        : Optional.empty();
  }

  private static void again(Entry entry, String reason, Duration wait) {
    entry.failures++;
    if (entry.failures > MOST_FAILURES) {
      entry.hopeless = Optional.of(reason);
    }
    entry.wait = Optional.of(wait);
  }

  Optional<MonotonicTime> nextDeadline() {
    return kept.stream()
        .map(entries::get)
        .filter(entry -> entry != null && !entry.asking && entry.hopeless.isEmpty())
        .map(entry -> entry.again.or(record::renewal))
        .flatMap(Optional::stream)
        .min(MonotonicTime::compareTo);
  }
}

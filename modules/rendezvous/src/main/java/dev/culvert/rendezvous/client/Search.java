package dev.culvert.rendezvous.client;

import dev.culvert.identity.PeerId;
import dev.culvert.rendezvous.PeerRecord;
import dev.culvert.rendezvous.wire.Frame;
import dev.culvert.sansio.MonotonicTime;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * A look-up of a peer at several nodes. The newest record wins, so that one node that tells an old
 * one changes nothing.
 */
final class Search implements Quest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration STAGE = Duration.ofSeconds(2);

  /** How long those that are slow are waited for once there is an answer to go on with. */
  private static final Duration GRACE = Duration.ofMillis(1500);

  private final long request;
  private final PeerId peer;
  private final Iterator<List<Place>> stages;
  private final Lines lines;
  private final Whereabouts whereabouts;
  private final NodeTime time;
  private final MonotonicTime end;
  private MonotonicTime stageEnd;
  private Optional<MonotonicTime> graceEnd = Optional.empty();
  private Optional<PeerRecord> newest = Optional.empty();
  private boolean online;
  private int answered;
  private int pending;
  private boolean over;

  Search(
      long request,
      PeerId peer,
      List<List<Place>> stages,
      Lines lines,
      Whereabouts whereabouts,
      NodeTime time,
      MonotonicTime now) {
    this.request = request;
    this.peer = peer;
    this.stages = stages.iterator();
    this.lines = lines;
    this.whereabouts = whereabouts;
    this.time = time;
    this.stageEnd = now;
    this.end = now.plus(PATIENCE);
  }

  @Override
  public void advance(MonotonicTime now) {
    if (over) {
      return;
    }
    boolean found = newest.isPresent() && online;
    if (found && graceEnd.isEmpty()) {
      graceEnd = Optional.of(now.plus(GRACE));
    }
    boolean late = graceEnd.filter(at -> !now.isBefore(at)).isPresent() || !now.isBefore(end);
    while (!found && !late && stages.hasNext() && (pending == 0 || !now.isBefore(stageEnd))) {
      if (isElsewhere()) {
        break;
      }
      stageEnd = now.plus(STAGE);
      stages.next().forEach(place -> ask(place, now));
    }
    over = late || (pending == 0 && (found || !stages.hasNext() || isElsewhere()));
  }

  /**
   * All that should know have answered, and know the peer: it is offline, and asking on is vain.
   */
  private boolean isElsewhere() {
    return newest.isPresent() && pending == 0;
  }

  private void ask(Place place, MonotonicTime now) {
    pending++;
    lines.ask(place, id -> new Frame.Lookup(id, peer), answer -> answered(place, answer), now);
  }

  private void answered(Place place, Optional<Frame> answer) {
    pending--;
    if (answer.isPresent() && answer.get() instanceof Frame.Found found) {
      answered++;
      found(place, found);
    } else if (answer.isPresent()
        && answer.get() instanceof Frame.Refusal refusal
        && refusal.code() == Frame.Code.UNKNOWN) {
      answered++;
      place.id().ifPresent(node -> whereabouts.notSeen(peer, node));
    }
  }

  private void found(Place place, Frame.Found found) {
    if (over || !found.record().signer().equals(peer)) {
      return;
    }
    Optional<PeerRecord> record =
        PeerRecord.read(found.record()).filter(its -> its.expiry().isAfter(time.now()));
    if (record.isEmpty()) {
      return;
    }
    if (newest.isEmpty() || record.get().sequence() > newest.get().sequence()) {
      newest = record;
    }
    online |= found.online();
    place
        .id()
        .ifPresent(
            node -> {
              if (found.online()) {
                whereabouts.seen(peer, node);
              } else {
                whereabouts.notSeen(peer, node);
              }
            });
  }

  @Override
  public MonotonicTime nextDeadline() {
    MonotonicTime next = graceEnd.map(at -> Means.earlier(at, end)).orElse(end);
    return stages.hasNext() && graceEnd.isEmpty() ? Means.earlier(next, stageEnd) : next;
  }

  @Override
  public Optional<AttachmentEvent> result() {
    return over
        ? Optional.of(
            new AttachmentEvent.Looked(request, newest, online && newest.isPresent(), answered))
        : Optional.empty();
  }

  @Override
  public void end() {
    over = true;
  }
}

package dev.culvert.rendezvous.client;

import dev.culvert.identity.PeerId;
import dev.culvert.rendezvous.wire.Frame;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.MonotonicTime;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** A signal on its way: the nodes are tried one after the other until one takes it. */
final class Delivery implements Quest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** A node that takes longer is not waited for, though it may still do it. */
  private static final Duration STEP = Duration.ofSeconds(2);

  private final long request;
  private final PeerId to;
  private final Bytes sealed;
  private final Iterator<Place> places;
  private final Lines lines;
  private final Whereabouts whereabouts;
  private final MonotonicTime end;
  private MonotonicTime nextTry;
  private Fate fate = Fate.NO_NODE;
  private Optional<PeerId> via = Optional.empty();
  private int pending;
  private boolean over;

  Delivery(
      long request,
      PeerId to,
      Bytes sealed,
      List<Place> places,
      Lines lines,
      Whereabouts whereabouts,
      MonotonicTime now) {
    this.request = request;
    this.to = to;
    this.sealed = sealed;
    this.places = places.iterator();
    this.lines = lines;
    this.whereabouts = whereabouts;
    this.nextTry = now;
    this.end = now.plus(PATIENCE);
  }

  @Override
  public void advance(MonotonicTime now) {
    while (!over
        && fate != Fate.DELIVERED
        && places.hasNext()
        && (pending == 0 || !now.isBefore(nextTry))) {
      nextTry = now.plus(STEP);
      Place place = places.next();
      pending++;
      lines.ask(
          place, id -> new Frame.Signal(id, to, sealed), answer -> answered(place, answer), now);
    }
    boolean done = fate == Fate.DELIVERED || (pending == 0 && !places.hasNext());
    over |= done || !now.isBefore(end);
  }

  private void answered(Place place, Optional<Frame> answer) {
    pending--;
    if (answer.isEmpty() || over || place.id().isEmpty()) {
      return;
    }
    PeerId node = place.id().get();
    if (answer.get() instanceof Frame.Delivered) {
      whereabouts.seen(to, node);
      becomes(Fate.DELIVERED, node);
    } else if (answer.get() instanceof Frame.Undeliverable undeliverable) {
      if (undeliverable.reason() == Frame.Reason.OFFLINE) {
        whereabouts.notSeen(to, node);
      }
      becomes(
          switch (undeliverable.reason()) {
            case OFFLINE -> Fate.OFFLINE;
            case BUSY -> Fate.BUSY;
            case QUOTA -> Fate.QUOTA;
            case BLOCKED -> Fate.BLOCKED;
          },
          node);
    } else if (answer.get() instanceof Frame.Refusal refusal
        && refusal.code() == Frame.Code.TOO_OFTEN) {
      becomes(Fate.QUOTA, node);
    }
  }

  /** What says most about the peer is told: that it is there, then that it is not. */
  private void becomes(Fate another, PeerId node) {
    if (weight(another) > weight(fate)) {
      fate = another;
      via = Optional.of(node);
    }
  }

  private static int weight(Fate fate) {
    return switch (fate) {
      case NO_NODE -> 0;
      case OFFLINE -> 1;
      case BUSY -> 2;
      case QUOTA -> 3;
      case BLOCKED -> 4;
      case DELIVERED -> 5;
    };
  }

  @Override
  public MonotonicTime nextDeadline() {
    return places.hasNext() ? Means.earlier(nextTry, end) : end;
  }

  @Override
  public Optional<AttachmentEvent> result() {
    return over ? Optional.of(new AttachmentEvent.Signalled(request, fate, via)) : Optional.empty();
  }

  @Override
  public void end() {
    over = true;
  }
}

package dev.culvert.rendezvous.node;

import dev.culvert.identity.PeerId;
import dev.culvert.rendezvous.wire.Frame;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.MonotonicTime;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** Whoever is connected to a node. */
final class Guest {
  private static final int MOST_PARTNERS = 64;

  private final Flow flow;
  private final Frame.Hello hello;
  private Optional<PeerId> peer = Optional.empty();
  private Set<PeerId> blocked = Set.of();
  private final Set<PeerId> partners = new LinkedHashSet<>(2);
  private final Bucket messages;
  private MonotonicTime heard;
  private boolean writable = true;

  Guest(Flow flow, Frame.Hello hello, Bucket messages, MonotonicTime now) {
    this.flow = flow;
    this.hello = hello;
    this.messages = messages;
    this.heard = now;
  }

  Flow flow() {
    return flow;
  }

  /** What it was told at first. */
  Frame.Hello hello() {
    return hello;
  }

  /** Who it is, once that is proven. */
  Optional<PeerId> peer() {
    return peer;
  }

  void proven(PeerId id) {
    peer = Optional.of(id);
  }

  /** How much it may say. */
  Bucket messages() {
    return messages;
  }

  MonotonicTime heard() {
    return heard;
  }

  void heard(MonotonicTime now) {
    heard = now;
  }

  /** Whether it takes what comes. */
  boolean isWritable() {
    return writable;
  }

  void setWritable(boolean isWritable) {
    writable = isWritable;
  }

  boolean blocks(PeerId other) {
    return blocked.contains(other);
  }

  void block(Set<PeerId> others) {
    blocked = others;
  }

  /** Keeps in mind whom it wants to hear from, those of late. */
  void speaksTo(PeerId other) {
    partners.remove(other);
    partners.add(other);
    if (partners.size() > MOST_PARTNERS) {
      partners.remove(partners.iterator().next());
    }
  }

  /** Whether it said something to that peer lately, so that an answer is no surprise. */
  boolean hasSpokenTo(PeerId other) {
    return partners.contains(other);
  }
}

package dev.culvert.rendezvous.client;

import dev.culvert.identity.PeerId;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.NodeSource;
import dev.culvert.rendezvous.NodeUrl;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.MonotonicTime;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A node as this peer knows it, and what it has seen of it. */
final class Place {
  private static final int MOST_URLS = 4;
  private static final int HOPELESS = 5;
  private static final Duration FIRST_WAIT = Duration.ofSeconds(2);
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);
  private static final Duration LONGEST_RETRY = Duration.ofHours(1);

  private final Optional<PeerId> pin;
  private final EnumSet<NodeSource> sources = EnumSet.noneOf(NodeSource.class);
  private final Set<NodeUrl> liars = new HashSet<>();
  private List<NodeUrl> urls;
  private Optional<PeerId> learned = Optional.empty();
  private Optional<Instant> expiry = Optional.empty();
  private Optional<PeerId> teller = Optional.empty();
  private boolean near;
  private int doubts;
  private int failures;
  private Optional<String> reason = Optional.empty();
  private Optional<MonotonicTime> notBefore = Optional.empty();
  private boolean toldToWait;
  private Optional<Bytes> resume = Optional.empty();
  private long lastAnswered;

  Place(KnownNode node) {
    this.pin = node.id();
    this.urls = node.urls();
    this.sources.add(node.source());
  }

  /** The key that it has to prove. */
  Optional<PeerId> pin() {
    return pin;
  }

  /** Which node it is, as far as that is known. */
  Optional<PeerId> id() {
    return pin.isPresent() ? pin : learned;
  }

  void learned(PeerId id) {
    learned = Optional.of(id);
  }

  /** Where it may be; without those where another node answered. */
  List<NodeUrl> urls() {
    return urls.stream().filter(url -> !liars.contains(url)).toList();
  }

  boolean has(NodeUrl url) {
    return urls.contains(url);
  }

  /** Gains what is new; says whether anything was. */
  boolean merge(KnownNode node, boolean newer) {
    List<NodeUrl> first = newer ? node.urls() : urls;
    List<NodeUrl> second = newer ? urls : node.urls();
    List<NodeUrl> merged =
        Stream.concat(first.stream(), second.stream()).distinct().limit(MOST_URLS).toList();
    boolean changed = !merged.equals(urls);
    urls = merged;
    liars.retainAll(merged);
    return sources.add(node.source()) || changed;
  }

  /** The end of what it says of itself; only those that nobody but others told of have one. */
  Optional<Instant> expiry() {
    return expiry;
  }

  void expires(Instant at) {
    expiry = Optional.of(at);
  }

  /** Whether it may be on this very machine: others' word is not enough for that. */
  boolean mayBeNear() {
    return near || !isHearsay();
  }

  void near() {
    near = true;
  }

  /** Whether it is known from others' words only. */
  boolean isHearsay() {
    return sources.equals(EnumSet.of(NodeSource.TOLD));
  }

  /** Whether somebody who is trusted named it. */
  boolean isAnchor() {
    return sources.contains(NodeSource.CONFIGURED) || sources.contains(NodeSource.INVITED);
  }

  /** The first in the order of joining. */
  NodeSource source() {
    return sources.iterator().next();
  }

  /** As the owner may keep it. */
  KnownNode node() {
    return new KnownNode(id(), urls, source());
  }

  /** It failed while others did not, so the fault is not with this peer's network. */
  void doubt() {
    doubts++;
  }

  /** Whether it is forgotten: nobody vouches for it, and it was never there. */
  boolean isHopeless() {
    return !isAnchor() && doubts >= HOPELESS && lastAnswered == 0;
  }

  /** Who told of it, if it is hearsay. */
  Optional<PeerId> teller() {
    return teller;
  }

  void toldBy(PeerId node) {
    teller = Optional.of(node);
  }

  int failures() {
    return failures;
  }

  /** Why there is no connection with it, if one was tried. */
  Optional<String> reason() {
    return reason;
  }

  Optional<Bytes> resume() {
    return resume;
  }

  /** A number that is the greater the later it answered; 0 for never. */
  long lastAnswered() {
    return lastAnswered;
  }

  /** It has proven who it is. */
  void answered(Bytes token, long count) {
    resume = Optional.of(token);
    reason = Optional.empty();
    notBefore = Optional.empty();
    lastAnswered = count;
  }

  /** It has been there for a good while, so what was before does not count any more. */
  void isReliable() {
    failures = 0;
  }

  void lied(NodeUrl url) {
    liars.add(url);
  }

  void failed(String why, Optional<Duration> retryAfter, Means means, MonotonicTime now) {
    reason = Optional.of(why);
    Duration wait = FIRST_WAIT.multipliedBy(1L << Math.min(failures, 6));
    Duration own = means.around(wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait);
    failures++;
    toldToWait = retryAfter.isPresent();
    Duration told = retryAfter.map(Place::bounded).orElse(Duration.ZERO);
    notBefore = Optional.of(now.plus(told.compareTo(own) > 0 ? told : own));
  }

  /** No longer than an hour, whatever a node says. */
  static Duration bounded(Duration retry) {
    return retry.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : retry;
  }

  /** Not to be tried for a while, without having done anything wrong. */
  void leave(String why, MonotonicTime until) {
    reason = Optional.of(why);
    toldToWait = true;
    notBefore = Optional.of(until);
  }

  /** The network is another: what failed may go well, but who was told to wait waits. */
  void retry() {
    if (!toldToWait) {
      notBefore = Optional.empty();
      failures = 0;
    }
  }

  /** Whether there is an address where no other node answered. */
  boolean isUsable() {
    return !urls().isEmpty();
  }

  boolean isDue(MonotonicTime now) {
    return isUsable() && notBefore.filter(now::isBefore).isEmpty();
  }

  Optional<MonotonicTime> notBefore() {
    return notBefore;
  }
}

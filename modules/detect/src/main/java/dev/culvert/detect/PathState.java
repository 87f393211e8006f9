package dev.culvert.detect;

import dev.culvert.detect.Shot.Reply;
import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.attribute.Attribute;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What the tests of one path share: sockets, servers, sightings, and what silence is worth. */
final class PathState {
  /** A server that was never heard may be that far away. */
  private static final Duration FIRST_PATIENCE = Duration.ofMillis(500);

  private static final Duration LEAST_PATIENCE = Duration.ofMillis(250);

  /** Requests this close to each other meet the same network. */
  private static final Duration SAME_TIME = Duration.ofMillis(60);

  private final Postbox postbox;
  private final InetAddress ip;
  private final List<Target> targets;
  private final MonotonicTime startedAt;
  private final List<Volley> volleys = new ArrayList<>();
  private final Set<Shot> judged = new HashSet<>();
  private final NavigableSet<MonotonicTime> answeredAt = new TreeSet<>();
  private final Sightings sightings = new Sightings();
  private final LocalSocket mappingSocket;
  private final List<Volley> mappingVolleys = new ArrayList<>();
  private Duration patience = FIRST_PATIENCE;
  private LossEstimate loss = new LossEstimate(0, 0);
  private Finding<Behaviour> mapping = Finding.notMeasured();

  PathState(Postbox postbox, InetAddress ip, List<Target> targets, MonotonicTime startedAt) {
    this.postbox = postbox;
    this.ip = ip;
    this.targets = List.copyOf(targets);
    this.startedAt = startedAt;
    this.mappingSocket = postbox.bind(ip);
  }

  Postbox postbox() {
    return postbox;
  }

  InetAddress ip() {
    return ip;
  }

  List<Target> targets() {
    return targets;
  }

  MonotonicTime startedAt() {
    return startedAt;
  }

  Sightings sightings() {
    return sightings;
  }

  /** The socket that all mapping tests use. */
  LocalSocket mappingSocket() {
    return mappingSocket;
  }

  List<Volley> mappingVolleys() {
    return mappingVolleys;
  }

  /** A fresh socket. */
  LocalSocket bind() {
    return postbox.bind(ip);
  }

  /** A volley that counts for the estimate of loss. */
  Volley volley(LocalSocket socket, TransportAddress to, Pace pace, Attribute... with) {
    return keep(new Volley(postbox, socket, to, pace, with));
  }

  Volley keep(Volley volley) {
    volleys.add(volley);
    return volley;
  }

  List<Volley> volleys() {
    return volleys;
  }

  /** The first server that answered. */
  Optional<Target> nearest() {
    return targets.stream()
        .filter(Target::isAlive)
        .filter(target -> target.badMapping().isEmpty())
        .min((a, b) -> rank(a) - rank(b));
  }

  private int rank(Target target) {
    return targets.indexOf(target) - (target.alternate().isPresent() ? targets.size() : 0);
  }

  /** Reads the replies that nobody has read yet, and counts losses anew. */
  void collect(MonotonicTime now) {
    for (Volley volley : volleys) {
      for (Shot shot : volley.shots()) {
        Optional<Reply> reply = shot.reply().filter(what -> what.from().equals(shot.to()));
        if (reply.isPresent() && volley.isPlain() && judged.add(shot)) {
          answeredAt.add(shot.sentAt());
          read(shot, reply.get());
        }
      }
    }
    patience = roundTrip().map(PathState::patienceFor).orElse(FIRST_PATIENCE);
    loss = countLoss(now);
    mapping = MappingJudge.judge(sightings.credible(mappingSocket));
  }

  private void read(Shot shot, Reply reply) {
    for (Target target : targets) {
      boolean own = target.address().equals(shot.to());
      if (own) {
        target.answered(reply.message(), shot.roundTrip().orElse(Duration.ZERO));
      }
      if (own || isAlternate(target, shot.to())) {
        if (reply.isSuccess()) {
          sightings.add(shot, reply, target);
        }
        return;
      }
    }
  }

  private boolean isAlternate(Target target, TransportAddress address) {
    boolean another = targets.stream().anyMatch(other -> other.address().equals(address));
    return !another
        && target
            .alternate()
            .filter(
                other ->
                    address.equals(other)
                        || address.equals(target.otherPort().orElseThrow())
                        || address.equals(target.otherIp().orElseThrow()))
            .isPresent();
  }

  /**
   * How long an answer may take before it counts as lost. Answers that must come are held to the
   * same, so that what is merely late counts as loss there too.
   */
  Duration patience() {
    return patience;
  }

  /** What was known of loss when replies were last read. */
  LossEstimate loss() {
    return loss;
  }

  /** The round trip to the farthest server that answered. */
  private Optional<Duration> roundTrip() {
    return targets.stream()
        .flatMap(target -> target.shortestRoundTrip().stream())
        .max(Duration::compareTo);
  }

  private static Duration patienceFor(Duration farthest) {
    Duration thrice = farthest.multipliedBy(3);
    return thrice.compareTo(LEAST_PATIENCE) > 0 ? thrice : LEAST_PATIENCE;
  }

  private LossEstimate countLoss(MonotonicTime mark) {
    Set<TransportAddress> alive = new HashSet<>();
    for (Volley volley : volleys) {
      if (volley.isPlain() && volley.isAnswered()) {
        alive.add(volley.to());
      }
    }
    int answered = 0;
    int lost = 0;
    for (Volley volley : volleys) {
      if (volley.isPlain() && alive.contains(volley.to())) {
        answered += volley.answered();
        lost += vouchedSilence(volley, mark);
      }
    }
    return new LossEstimate(answered, lost);
  }

  /**
   * How many tries went unanswered although the network was there: something that was sent at about
   * the same time was answered. A pause of the network says nothing about anybody.
   */
  private int vouchedSilence(Volley volley, MonotonicTime mark) {
    int lost = 0;
    for (Shot shot : volley.shots()) {
      if (shot.isLost(mark, patience) && isVouched(shot.sentAt())) {
        lost++;
      }
    }
    return lost;
  }

  private boolean isVouched(MonotonicTime sentAt) {
    MonotonicTime nearest = answeredAt.floor(sentAt.plus(SAME_TIME));
    return nearest != null && !nearest.isBefore(sentAt.plus(SAME_TIME.negated()));
  }

  /** Whether the silence of these tries up to {@code mark} cannot be put down to loss. */
  boolean provesSilence(Volley volley, MonotonicTime mark) {
    return loss.proves(vouchedSilence(volley, mark));
  }

  /** Whether nothing came back however often it was tried. */
  boolean isSilent(Volley volley, MonotonicTime mark) {
    boolean over =
        !volley.goesOn()
            && !volley.shots().isEmpty()
            && volley.lost(mark, patience) == volley.shots().size();
    return !volley.isAnswered() && (over || provesSilence(volley, mark));
  }

  /** Whether a server is not worth waiting for any longer. */
  boolean isGivenUp(Target target, MonotonicTime now) {
    return !target.isAlive()
        && volleys.stream()
            .filter(volley -> volley.to().equals(target.address()) && volley.isPlain())
            .anyMatch(volley -> isRefused(volley) || isSilent(volley, now));
  }

  private static boolean isRefused(Volley volley) {
    return volley.socket().unreachable().filter(CloseCause.REFUSED::equals).isPresent();
  }

  /** What the mapping was seen to depend on when replies were last read. */
  Finding<Behaviour> mapping() {
    return mapping;
  }

  /** Whether everybody who is alive has been compared. */
  boolean mappingSettled(MonotonicTime now) {
    boolean known = mapping().value().isPresent();
    Set<TransportAddress> awaited = new HashSet<>();
    for (Target target : targets) {
      if (target.isAlive() || !isGivenUp(target, now)) {
        awaited.add(target.address());
      }
      if (known && !target.isAlive()) {
        awaited.remove(target.address());
      }
    }
    return mappingVolleys.stream()
        .filter(volley -> awaited.contains(volley.to()) || !isTarget(volley.to()))
        .allMatch(volley -> isCompared(volley) || isSilent(volley, now));
  }

  private boolean isCompared(Volley volley) {
    boolean shaky =
        targets.stream()
            .filter(target -> target.address().equals(volley.to()))
            .anyMatch(target -> !target.isSteady() && target.badMapping().isEmpty());
    return volley.success().isPresent() && (!shaky || !volley.goesOn());
  }

  private boolean isTarget(TransportAddress address) {
    return targets.stream().anyMatch(target -> target.address().equals(address));
  }
}

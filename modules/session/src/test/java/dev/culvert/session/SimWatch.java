package dev.culvert.session;

import dev.culvert.ice.Candidate;
import dev.culvert.ice.CandidateType;
import dev.culvert.ice.CheckPurpose;
import dev.culvert.ice.IcePath;
import dev.culvert.ice.IcePolicy;
import dev.culvert.ice.IceState;
import dev.culvert.ice.IceStep;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.TransportAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * What must hold of two sessions after every event, whatever network and chance do: both agree on
 * the selected pair or are about to, checks keep their pace, policies are kept; what {@link
 * SimWire} says of packets.
 */
final class SimWatch {
  /** A check that is repeated until it is answered or given up takes no longer than this. */
  private static final Duration ABOUT_TO = Duration.ofSeconds(8);

  private static final Duration PACING = Duration.ofMillis(5);
  private static final Duration SECOND = Duration.ofSeconds(1);

  /**
   * What is repeated every 20 ms, nominations, which need not wait for their turn, and new ones
   * each Ta.
   */
  private static final int MOST_CHECKS_A_SECOND = 80;

  /** The same, and questions for consent on all proven pairs when one falls silent. */
  private static final int MOST_A_SECOND = 120;

  private final SimMeeting meeting;
  private final SimWire wire;
  private final Map<String, Side> sides = new HashMap<>();
  BiConsumer<String, IceStep> trace = (host, step) -> {};
  private Optional<String> fault = Optional.empty();
  private Optional<MonotonicTime> apart = Optional.empty();
  private boolean stale = true;

  /** What is known of one of the two. */
  static final class Side {
    final String host;
    final SimPeer peer;
    final IcePolicy policy;
    final Set<TransportAddress> told = new HashSet<>();
    final Set<TransportAddress> relayed = new HashSet<>();
    private final Deque<MonotonicTime> lastSecond = new ArrayDeque<>();
    private final Deque<MonotonicTime> lastChecks = new ArrayDeque<>();
    private Optional<MonotonicTime> lastCheck = Optional.empty();

    Side(String host, SimPeer peer, IcePolicy policy) {
      this.host = host;
      this.peer = peer;
      this.policy = policy;
    }
  }

  SimWatch(SimMeeting meeting) {
    this.meeting = meeting;
    this.wire = new SimWire(this, Set.of(meeting.relay.address, meeting.spare.address));
    meeting.lab.world().observe(wire);
  }

  void follow(String host, SimPeer peer, IcePolicy policy) {
    Side side = new Side(host, peer, policy);
    side.told.addAll(known(host));
    side.peer.ufrags.addAll(ufrags(host));
    sides.put(host, side);
    peer.session.watch((link, at, step) -> took(side, at, step));
    peer.listen(event -> heard(side, event));
  }

  /** Another session on the same host tells of other addresses; the peer may still try the old. */
  private Set<TransportAddress> known(String host) {
    Side before = sides.get(host);
    return before == null ? Set.of() : before.told;
  }

  private Set<String> ufrags(String host) {
    Side before = sides.get(host);
    return before == null ? Set.of() : before.peer.ufrags;
  }

  Iterable<Side> sides() {
    return sides.values();
  }

  Optional<Side> side(String host) {
    return Optional.ofNullable(sides.get(host));
  }

  Side other(Side side) {
    return sides.values().stream().filter(each -> each != side).findFirst().orElseThrow();
  }

  SimWire wire() {
    return wire;
  }

  /** What did not hold, the first of it. */
  Optional<String> fault() {
    return fault;
  }

  void fault(String what) {
    if (fault.isEmpty()) {
      fault = Optional.of("at " + meeting.lab.elapsed() + ": " + what);
    }
  }

  /** Looked at after every event; false once something did not hold. */
  boolean holds() {
    if (stale) {
      stale = false;
      boolean differ =
          meeting.a.state() == IceState.COMPLETED
              && meeting.b.state() == IceState.COMPLETED
              && !fit(meeting.a.path(), meeting.b.path());
      apart = differ ? apart.or(() -> Optional.of(meeting.lab.world().now())) : Optional.empty();
    }
    if (apart.isPresent() && meeting.lab.world().now().since(apart.get()).compareTo(ABOUT_TO) > 0) {
      fault("the two send on different pairs");
    }
    return fault.isEmpty();
  }

  private void heard(Side side, SessionEvent event) {
    if (event instanceof SessionEvent.LocalCandidate found) {
      Candidate candidate = found.candidate();
      candidate.address().known().ifPresent(side.told::add);
      boolean leaks =
          side.policy == IcePolicy.RELAY_ONLY
              && (candidate.type() != CandidateType.RELAYED || candidate.related().isPresent());
      boolean relays =
          side.policy == IcePolicy.DIRECT_ONLY && candidate.type() == CandidateType.RELAYED;
      if (leaks || relays) {
        fault(side.policy + " tells " + candidate);
      }
    } else if (event instanceof SessionEvent.Found found) {
      Candidate candidate = found.gathered().candidate();
      if (candidate.type() == CandidateType.RELAYED) {
        candidate.address().known().ifPresent(side.relayed::add);
      }
    } else if (event instanceof SessionEvent.Ice) {
      stale = true;
    }
  }

  private void took(Side side, MonotonicTime at, IceStep step) {
    stale = true;
    trace.accept(side.host, step);
    if (!(step instanceof IceStep.CheckSent sent)) {
      return;
    }
    if (sent.purpose() == CheckPurpose.ORDINARY) {
      if (side.lastCheck.isPresent() && at.since(side.lastCheck.get()).compareTo(PACING) < 0) {
        fault(side.host + " sends checks " + at.since(side.lastCheck.get()) + " apart");
      }
      side.lastCheck = Optional.of(at);
    }
    count(side, side.lastSecond, MOST_A_SECOND, at);
    if (sent.purpose() != CheckPurpose.CONSENT) {
      count(side, side.lastChecks, MOST_CHECKS_A_SECOND, at);
    }
  }

  private void count(Side side, Deque<MonotonicTime> last, int most, MonotonicTime at) {
    last.addLast(at);
    while (at.since(last.getFirst()).compareTo(SECOND) >= 0) {
      last.removeFirst();
    }
    if (last.size() > most) {
      fault(side.host + " sends " + last.size() + " checks within a second");
    }
  }

  /** Whether two paths are one, seen from its two ends. */
  static boolean fit(Optional<IcePath> one, Optional<IcePath> other) {
    return one.isPresent()
        && other.isPresent()
        && one.get().selected()
        && other.get().selected()
        && one.get().remote().address().equals(other.get().local().address())
        && other.get().remote().address().equals(one.get().local().address());
  }

  @Override
  public String toString() {
    return "broken: " + fault.orElse("nothing");
  }
}

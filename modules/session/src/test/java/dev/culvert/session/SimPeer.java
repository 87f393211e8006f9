package dev.culvert.session;

import dev.culvert.ice.Candidate;
import dev.culvert.ice.IceConfig;
import dev.culvert.ice.IceEvent;
import dev.culvert.ice.IcePath;
import dev.culvert.ice.IceState;
import dev.culvert.ice.PairFate;
import dev.culvert.ice.text.IceDescription;
import dev.culvert.natsim.Host;
import dev.culvert.natsim.Resident;
import dev.culvert.natsim.World;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.MonotonicTime;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A session with one link on a simulated host, and the signalling to the other one. */
final class SimPeer {
  final List<SessionEvent> events = new ArrayList<>();
  private final List<Message> early = new ArrayList<>();
  final PeerSession session;
  final SimWall wall;
  final Resident<SessionEvent> seat;
  private final World world;
  private Optional<PeerLink> link = Optional.empty();
  private Optional<SimPeer> other = Optional.empty();
  private Supplier<Duration> signalling = () -> Duration.ZERO;
  private MonotonicTime lastArrival = new MonotonicTime(0);
  private boolean trickles = true;
  private int said;
  private int heard = -1;
  private boolean heeds;
  private Optional<MonotonicTime> lastRestart = Optional.empty();
  private Consumer<SessionEvent> listener = event -> {};

  /** Those of all generations. */
  final Set<String> ufrags = new HashSet<>();

  /** Whether it restarts whenever it is advised to. */
  boolean obedient;

  SimPeer(World world, Host host, SessionConfig config) {
    this.world = world;
    this.session = new PeerSession(config, world.newRandom());
    this.wall = new SimWall(session);
    this.seat = host.run(wall, this::take);
  }

  /** Has every event shown to {@code other} as well. */
  void listen(Consumer<SessionEvent> other) {
    listener = other;
  }

  /** Begins, and tells the other; each message takes {@code delay}. */
  void meet(SimPeer peer, IceConfig config, Duration delay) {
    meet(peer, config, () -> delay, true);
  }

  /**
   * Begins, and tells the other.
   *
   * @param delay of the next message
   * @param trickle whether it tells candidates one by one, or all once they are known (RFC 8838 §8)
   */
  void meet(SimPeer peer, IceConfig config, Supplier<Duration> delay, boolean trickle) {
    other = Optional.of(peer);
    signalling = delay;
    trickles = trickle;
    seat.execute(
        now -> {
          link = Optional.of(session.open(config, now));
          describe();
        });
    listen();
  }

  /** From now on it talks to another session of the peer's. */
  void knows(SimPeer peer) {
    other = Optional.of(peer);
  }

  PeerLink link() {
    return link.orElseThrow();
  }

  IceState state() {
    return link.map(PeerLink::state).orElse(IceState.NEW);
  }

  Optional<IcePath> path() {
    return link.flatMap(PeerLink::path);
  }

  List<PairFate> fates() {
    return link.map(PeerLink::fates).orElse(List.of());
  }

  /** Begins anew, and tells the other. */
  void restart() {
    seat.execute(now -> link().restart(now));
  }

  boolean send(String text) {
    boolean[] sent = new boolean[1];
    seat.execute(now -> sent[0] = link().send(Bytes.utf8(text), now));
    return sent[0];
  }

  /** The host has this address now, and no other. */
  void use(InetAddress ip) {
    seat.execute(now -> session.use(List.of(new LocalAddress("eth1", ip)), now));
  }

  /** Sends the next of its numbers, if there is a link and a path. */
  void say() {
    if (link.isPresent() && send(Integer.toString(said))) {
      said++;
    }
  }

  /** How many numbers it has sent. */
  int said() {
    return said;
  }

  /** The last of the other's numbers that it heard; -1 for none. */
  int heard() {
    return heard;
  }

  /** Begins anew whenever the session advises it. */
  void heed() {
    heeds = true;
  }

  List<String> texts() {
    return told(IceEvent.Received.class).stream().map(each -> each.data().utf8()).toList();
  }

  <E extends IceEvent> List<E> told(Class<E> kind) {
    return events.stream()
        .filter(SessionEvent.Ice.class::isInstance)
        .map(event -> ((SessionEvent.Ice) event).event())
        .filter(kind::isInstance)
        .map(kind::cast)
        .toList();
  }

  /** Why it was told to restart. */
  List<String> advice() {
    return events.stream()
        .filter(SessionEvent.RestartAdvised.class::isInstance)
        .map(event -> ((SessionEvent.RestartAdvised) event).reason())
        .toList();
  }

  private void take(SessionEvent event) {
    events.add(event);
    listener.accept(event);
    if (event instanceof SessionEvent.Ice ice && ice.event() instanceof IceEvent.Received data) {
      hear(data.data().utf8());
    } else if (event instanceof SessionEvent.RestartAdvised && heeds) {
      // Several pieces of advice come at once when a network goes.
      world.schedule(Duration.ZERO, this::restartOnce);
    }
    if (event instanceof SessionEvent.LocalCandidate found && trickles) {
      Candidate candidate = found.candidate();
      toPeer((its, now) -> its.addRemote(candidate, now));
    } else if (event instanceof SessionEvent.LocalCandidatesEnd && trickles) {
      toPeer(PeerLink::endRemote);
    } else if (event instanceof SessionEvent.LocalCandidatesEnd && link.isPresent()) {
      IceDescription all = link().description();
      toPeer((its, now) -> its.remote(all, now));
    } else if (event instanceof SessionEvent.Restarted) {
      describe();
    } else if (event instanceof SessionEvent.RestartAdvised advised && obedient) {
      seat.execute(now -> advised.link().restart(now));
    }
  }

  private void hear(String text) {
    if (Character.isDigit(text.charAt(0))) {
      heard = Math.max(heard, Integer.parseInt(text));
    }
  }

  private void restartOnce() {
    if (lastRestart.filter(world.now()::equals).isEmpty()) {
      lastRestart = Optional.of(world.now());
      restart();
    }
  }

  private void describe() {
    ufrags.add(link().description().parameters().credentials().ufrag());
    if (!trickles) {
      if (link().isComplete()) {
        IceDescription all = link().description();
        toPeer((its, now) -> its.remote(all, now));
      }
      return;
    }
    IceDescription all = link().description();
    IceDescription alone = new IceDescription(all.parameters(), List.of(), false);
    toPeer((its, now) -> its.remote(alone, now));
  }

  private interface Message {
    void reach(PeerLink link, MonotonicTime now);
  }

  /** Messages arrive in order; one that comes too early waits until there is a link. */
  private void toPeer(Message message) {
    MonotonicTime soonest = world.now().plus(signalling.get());
    lastArrival = soonest.isBefore(lastArrival) ? lastArrival : soonest;
    Duration wait = lastArrival.since(world.now());
    other.ifPresent(peer -> world.schedule(wait, () -> peer.hear(message)));
  }

  private void hear(Message message) {
    early.add(message);
    if (link.isPresent()) {
      listen();
    }
  }

  private void listen() {
    List<Message> all = List.copyOf(early);
    early.clear();
    seat.execute(now -> all.forEach(each -> each.reach(link(), now)));
  }
}

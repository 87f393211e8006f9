package dev.culvert.session;

import dev.culvert.ice.IceEvent;
import dev.culvert.identity.PeerId;
import dev.culvert.identity.PeerKey;
import dev.culvert.natsim.Host;
import dev.culvert.natsim.Resident;
import dev.culvert.natsim.World;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.call.CallEnd;
import dev.culvert.rendezvous.call.CallEvent;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Machine;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.session.meet.MeetConfig;
import dev.culvert.session.meet.MeetEvent;
import dev.culvert.session.meet.MeetPeer;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A peer that meets others on a simulated host, with an owner that says yes unless told not to. */
final class SimCaller {
  final String name;
  final Host host;
  final InetAddress address;
  final PeerKey key;
  final MeetPeer peer;
  final Resident<MeetEvent> seat;
  final List<MeetEvent> events = new ArrayList<>();
  boolean accepts = true;
  Consumer<MeetEvent> listener = event -> {};

  /** What gets lost before it leaves the host. */
  Predicate<Output.Send> swallows = send -> false;

  private final World world;
  private final Map<Long, MonotonicTime> opened = new HashMap<>();

  SimCaller(
      World world, String name, Host host, InetAddress address, PeerKey key, MeetConfig config) {
    this.world = world;
    this.name = name;
    this.host = host;
    this.address = address;
    this.key = key;
    this.peer = new MeetPeer(config, key, world.newRandom(), () -> timeIn(world));
    this.seat = host.run(new Wall(), this::take);
  }

  /** The peer behind a wall that swallows what it is told to. */
  private final class Wall implements Machine<MeetEvent> {
    @Override
    public void receive(Flow from, Bytes payload, MonotonicTime now) {
      peer.receive(from, payload, now);
    }

    @Override
    public void accept(Input input, MonotonicTime now) {
      peer.accept(input, now);
    }

    @Override
    public void advance(MonotonicTime now) {
      peer.advance(now);
    }

    @Override
    public Optional<MonotonicTime> nextDeadline() {
      return peer.nextDeadline();
    }

    @Override
    public Optional<Output> pollOutput() {
      Optional<Output> next = peer.pollOutput();
      while (next.isPresent() && next.get() instanceof Output.Send its && swallows.test(its)) {
        next = peer.pollOutput();
      }
      return next;
    }

    @Override
    public Optional<MeetEvent> pollEvent() {
      return peer.pollEvent();
    }
  }

  /** What clocks show there. */
  static Instant timeIn(World world) {
    return Instant.ofEpochSecond(1_800_000_000).plusNanos(world.now().nanos());
  }

  PeerId id() {
    return key.id();
  }

  void know(List<KnownNode> nodes) {
    seat.execute(now -> peer.know(nodes, now));
  }

  long call(SimCaller other) {
    return call(other, Optional.empty());
  }

  long call(SimCaller other, Optional<Bytes> secret) {
    long[] call = new long[1];
    seat.execute(now -> call[0] = peer.call(other.id(), secret, now));
    return call[0];
  }

  void hangUp(long call) {
    seat.execute(now -> peer.hangUp(call, now));
  }

  /** The host has this address from now on, and no other. */
  void use(LocalAddress address) {
    seat.execute(now -> peer.use(List.of(address), now));
  }

  void send(long call, String text) {
    seat.execute(now -> peer.send(call, Bytes.utf8(text), now));
  }

  private void take(MeetEvent event) {
    events.add(event);
    if (event instanceof MeetEvent.Calling calling
        && calling.event() instanceof CallEvent.Asked asked
        && accepts) {
      // An owner is told, and acts later.
      world.schedule(Duration.ZERO, () -> seat.execute(now -> peer.accept(asked.call(), now)));
    } else if (event instanceof MeetEvent.Opened its) {
      opened.put(its.call(), world.now());
    }
    listener.accept(event);
  }

  <T extends MeetEvent> List<T> told(Class<T> type) {
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }

  <T extends CallEvent> List<T> calls(Class<T> type) {
    return told(MeetEvent.Calling.class).stream()
        .map(MeetEvent.Calling::event)
        .filter(type::isInstance)
        .map(type::cast)
        .toList();
  }

  /** How many calls have had a path. */
  int connected() {
    return told(MeetEvent.Connected.class).size();
  }

  /** The last call that was opened. */
  long lastCall() {
    List<MeetEvent.Opened> all = told(MeetEvent.Opened.class);
    return all.get(all.size() - 1).call();
  }

  Optional<MonotonicTime> firstOpened() {
    return opened.values().stream().min(MonotonicTime::compareTo);
  }

  Optional<CallEnd> end(long call) {
    return calls(CallEvent.Ended.class).stream()
        .filter(its -> its.call() == call)
        .map(CallEvent.Ended::reason)
        .findFirst();
  }

  boolean heard(String text) {
    return told(MeetEvent.Session.class).stream()
        .map(MeetEvent.Session::event)
        .anyMatch(
            its ->
                its instanceof SessionEvent.Ice ice
                    && ice.event() instanceof IceEvent.Received data
                    && data.data().utf8().equals(text));
  }

  String story() {
    StringBuilder text = new StringBuilder();
    for (MeetEvent each : events) {
      text.append("\n  ").append(each);
    }
    return text.toString();
  }
}

package dev.culvert.rendezvous.node;

import dev.culvert.identity.PeerId;
import dev.culvert.identity.PeerKey;
import dev.culvert.identity.Signed;
import dev.culvert.rendezvous.wire.Frame;
import dev.culvert.rendezvous.wire.FrameException;
import dev.culvert.rendezvous.wire.FrameText;
import dev.culvert.rendezvous.wire.Proof;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Machine;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * A node's engine. Its flows are connections that carry one message at a time, such as WebSocket;
 * its driver tells of each by {@code Opened}, with a negative id. To other nodes that its owner
 * named it opens some itself.
 *
 * <p>Confined to one thread.
 */
public final class RendezvousNode implements Machine<NodeEvent> {
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(30);

  private final NodeConfig config;
  private final PeerKey key;
  private final RandomGenerator random;
  private final InstantSource clock;
  private final Gate gate;
  private final Directory directory;
  private final Desk desk;
  private final Guests guests;
  private final Neighbours neighbours;
  private final Exchange exchange;

  private final Map<PeerId, Guest> peers = new HashMap<>();
  private final Queue<Output> outputs = new ArrayDeque<>();
  private final Queue<NodeEvent> events = new ArrayDeque<>();
  private List<String> stun;
  private Set<String> nearUrls = Set.of();
  private Optional<MonotonicTime> end = Optional.empty();
  private Optional<Frame.Redirect> redirect = Optional.empty();
  private long proofsFailed;
  private long refused;
  private long malformed;

  /**
   * A node that nobody is connected to.
   *
   * @param key the node's own
   * @param secret 32 bytes for tokens; the same after a restart
   * @param random for nonces; a {@link java.security.SecureRandom} for anything but a simulation
   * @param clock for expiries
   */
  public RendezvousNode(
      NodeConfig config, PeerKey key, Bytes secret, RandomGenerator random, InstantSource clock) {
    this.config = config;
    this.key = key;
    this.random = random;
    this.stun = config.stun();
    this.clock = clock;
    this.guests = new Guests(config.quiet());
    this.gate = new Gate(config.limits(), new ResumeTokens(secret));
    this.directory = new Directory(config.limits().records());
    this.neighbours = new Neighbours(config, key, random);
    this.exchange = new Exchange(config, key, neighbours, random, clock);
    this.desk = new Desk(config, directory, peers, neighbours, this::send);
  }

  /** What it has done, and what it has. */
  public NodeCounts counts() {
    return new NodeCounts(
        guests.size(),
        peers.size(),
        directory.size(),
        neighbours.size(),
        proofsFailed,
        desk.delivered(),
        desk.undelivered(),
        refused + desk.refused(),
        malformed);
  }

  /** Lets peers in that were told these URLs, too, which are for nobody further away. */
  public void alsoAt(List<String> urls) {
    nearUrls = Set.copyOf(urls);
  }

  /** Tells whoever comes from now on where STUN Binding requests are answered. */
  public void announceStun(List<String> servers) {
    stun = List.copyOf(servers);
  }

  /**
   * What this node says of itself, good for a day, made anew every hour.
   *
   * @return empty if its configuration does not say where it is
   */
  public Optional<Signed> ownRecord() {
    return neighbours.own(clock.instant());
  }

  /** What it tells of nodes, itself included, as many as one message holds. */
  public List<Signed> others() {
    return neighbours.told(clock.instant());
  }

  /**
   * Takes what another node told of nodes, so that this one tells of them, too.
   *
   * @param record a {@link dev.culvert.rendezvous.NodeRecord}
   * @param teller who told it; no teller has more than a quarter of the room
   * @return whether it is told from now on
   */
  public boolean learn(Signed record, PeerId teller) {
    return neighbours.learn(record, teller, clock.instant());
  }

  /**
   * Sends everybody elsewhere, lets nobody in any more, and closes what is left after a while.
   *
   * @param urls where to; empty for any other node
   */
  public void drain(List<String> urls, Duration within, MonotonicTime now) {
    Frame.Redirect message = new Frame.Redirect(urls, within, "this node is going away");
    redirect = Optional.of(message);
    end = Optional.of(now.plus(within));
    guests.all().forEach(guest -> send(guest, message));
  }

  @Override
  public void receive(Flow from, Bytes payload, MonotonicTime now) {
    if (from.id() >= 0) {
      exchange.receive(from, payload, now);
    } else {
      guests.find(from.id()).ifPresent(guest -> receive(guest, payload, now));
    }
  }

  private void receive(Guest guest, Bytes payload, MonotonicTime now) {
    guests.heard(guest, now);
    Optional<Duration> silence = gate.maySay(guest, now);
    if (silence.isPresent()) {
      refused++;
      tellToWait(guest, "too much is said at once", silence.get());
      return;
    }
    Frame frame;
    try {
      frame = FrameText.read(payload);
    } catch (FrameException e) {
      malformed++;
      Optional<Long> re = guest.peer().flatMap(proven -> FrameText.idOf(payload));
      refuse(guest, re, e.code(), String.valueOf(e.getMessage()), Optional.empty());
      return;
    }
    if (guest.peer().isPresent() && frame instanceof Frame.Request request) {
      desk.take(guest, guest.peer().get(), request, clock.instant(), now);
    } else if (guest.peer().isEmpty() && frame instanceof Frame.Auth auth) {
      prove(guest, auth, now);
    } else {
      Frame.Code code = guest.peer().isPresent() ? Frame.Code.MALFORMED : Frame.Code.UNPROVEN;
      refuse(guest, Optional.empty(), code, "that is not to be said now", Optional.empty());
    }
  }

  private void prove(Guest guest, Frame.Auth auth, MonotonicTime now) {
    Instant time = clock.instant();
    if (!config.urls().isEmpty()
        && !config.urls().contains(auth.url())
        && !nearUrls.contains(auth.url())) {
      refuse(
          guest,
          Optional.empty(),
          Frame.Code.DENIED,
          "this node has another name",
          Optional.empty());
      return;
    }
    Optional<Duration> wait = gate.mayProve(guest.flow().remote().ip(), auth, time, now);
    if (wait.isPresent()) {
      refused++;
      tellToWait(guest, "too many come at once", wait.get());
      return;
    }
    if (!Proof.isOfPeer(auth, guest.hello())) {
      proofsFailed++;
      refuse(
          guest,
          Optional.empty(),
          Frame.Code.UNPROVEN,
          "the signature does not hold",
          Optional.empty());
      return;
    }
    welcome(guest, auth, time, now);
  }

  private void welcome(Guest guest, Frame.Auth auth, Instant time, MonotonicTime now) {
    PeerId peer = auth.peer();
    Guest before = peers.put(peer, guest);
    guest.proven(peer);
    guests.proven(guest);
    guests.heard(guest, now);
    send(
        guest,
        new Frame.Welcome(
            Proof.ofNode(key, guest.hello(), auth),
            guest.flow().remote(),
            config.quiet(),
            config.limits().allowance(),
            gate.tokens().issue(peer, time),
            config.relays().apply(peer)));
    if (before == null) {
      events.add(new NodeEvent.Joined(peer));
    } else {
      refuse(
          before,
          Optional.empty(),
          Frame.Code.STALE,
          "the same key connected again",
          Optional.empty());
    }
    redirect.ifPresent(message -> send(guest, message));
  }

  private Duration jitter() {
    return Duration.ofMillis(random.nextLong(LONGEST_RETRY.toMillis()));
  }

  private void tellToWait(Guest guest, String reason, Duration least) {
    Optional<Duration> wait = Optional.of(least.plus(jitter()));
    refuse(guest, Optional.empty(), Frame.Code.TOO_OFTEN, reason, wait);
  }

  /** Answers, and closes where no request is to blame. */
  private void refuse(
      Guest guest,
      Optional<Long> re,
      Frame.Code code,
      String reason,
      Optional<Duration> retryAfter) {
    send(guest, new Frame.Refusal(re, code, reason, retryAfter));
    if (re.isEmpty()) {
      outputs.add(new Output.Close(guest.flow().id()));
      gone(guest);
    }
  }

  private void send(Guest guest, Frame frame) {
    outputs.add(new Output.Send(guest.flow(), FrameText.write(frame)));
  }

  @Override
  public void accept(Input input, MonotonicTime now) {
    exchange.accept(input, now);
    if (input instanceof Input.Opened opened) {
      if (opened.flow().id() < 0) {
        open(opened.flow(), now);
      }
    } else if (input instanceof Input.Closed closed) {
      guests.find(closed.id()).ifPresent(this::gone);
    } else if (input instanceof Input.Writable writable) {
      guests.find(writable.id()).ifPresent(guest -> guest.setWritable(writable.writable()));
    }
  }

  private void open(Flow flow, MonotonicTime now) {
    byte[] nonce = new byte[Proof.NONCE];
    random.nextBytes(nonce);
    Frame.Hello hello = new Frame.Hello(key.id(), Bytes.wrap(nonce), clock.instant(), stun);
    Guest guest = new Guest(flow, hello, new Bucket(config.limits().messages(), now), now);
    boolean mayEnter = redirect.isEmpty() && gate.mayEnter(flow.remote().ip());
    if (!mayEnter) {
      refused++;
      send(
          guest,
          new Frame.Refusal(
              Optional.empty(),
              Frame.Code.UNAVAILABLE,
              redirect.isPresent() ? "this node is going away" : "there is no room",
              Optional.of(jitter())));
      outputs.add(new Output.Close(flow.id()));
      return;
    }
    gate.entered(flow.remote().ip());
    guests.add(guest);
    send(guest, guest.hello());
  }

  private void gone(Guest guest) {
    if (!guests.remove(guest)) {
      return;
    }
    gate.left(guest.flow().remote().ip());
    desk.plates().gone(guest);
    guest
        .peer()
        .filter(peer -> peers.remove(peer, guest))
        .ifPresent(peer -> events.add(new NodeEvent.Left(peer)));
  }

  @Override
  public void advance(MonotonicTime now) {
    desk.plates().expire(now);
    boolean over = end.filter(at -> !now.isBefore(at)).isPresent();
    if (redirect.isEmpty()) {
      exchange.advance(now);
    }
    (over ? guests.all() : guests.due(now)).forEach(this::drop);
  }

  private void drop(Guest guest) {
    outputs.add(new Output.Close(guest.flow().id()));
    gone(guest);
  }

  @Override
  public Optional<MonotonicTime> nextDeadline() {
    Optional<MonotonicTime> ends = guests.size() > 0 ? end : Optional.empty();
    Optional<MonotonicTime> visits =
        redirect.isEmpty() ? exchange.nextDeadline() : Optional.empty();
    return Stream.of(ends, guests.nextDeadline(), desk.plates().nextDeadline(), visits)
        .flatMap(Optional::stream)
        .min(MonotonicTime::compareTo);
  }

  @Override
  public Optional<Output> pollOutput() {
    return Optional.ofNullable(outputs.poll()).or(exchange::pollOutput);
  }

  @Override
  public Optional<NodeEvent> pollEvent() {
    return Optional.ofNullable(events.poll()).or(exchange::pollEvent);
  }
}

package dev.culvert.rendezvous.client;

import dev.culvert.identity.PeerId;
import dev.culvert.identity.PeerKey;
import dev.culvert.rendezvous.wire.Frame;
import dev.culvert.rendezvous.wire.FrameException;
import dev.culvert.rendezvous.wire.FrameText;
import dev.culvert.rendezvous.wire.Proof;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.function.LongFunction;
import java.util.random.RandomGenerator;

/**
 * A peer's connection with one node, from the moment that it stands to its end.
 *
 * <p>Its owner hands it what comes on its flow, and carries out its outputs.
 */
public final class NodeClient {
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final Duration SHORTEST_QUIET = Duration.ofSeconds(3);
  private static final Duration CHECK = Duration.ofSeconds(3);
  private static final Duration LONGEST_QUIET = Duration.ofMinutes(10);
  private static final int MOST_WAITING = 1000;

  private final Flow flow;
  private final PeerKey key;
  private final String url;
  private final Optional<PeerId> expected;
  private final RandomGenerator random;
  private final InstantSource clock;
  private final Queue<Output> outputs = new ArrayDeque<>();
  private final Queue<ClientEvent> events = new ArrayDeque<>();

  /** Requests, and when they are given up. */
  private final Map<Long, MonotonicTime> waiting = new LinkedHashMap<>();

  private final Optional<Bytes> resume;
  private final MonotonicTime proofDeadline;
  private Optional<Frame.Hello> hello = Optional.empty();
  private Optional<Frame.Auth> auth = Optional.empty();
  private Optional<Frame.Welcome> welcome = Optional.empty();
  private MonotonicTime heard;
  private MonotonicTime said;
  private Optional<MonotonicTime> checked = Optional.empty();
  private long nextRequest = 1;
  private boolean redirected;
  private boolean ended;

  /**
   * A connection that stands, on which nothing was said yet.
   *
   * @param flow the connection, a message at a time
   * @param key this peer's
   * @param url where the connection leads to, as the node knows itself
   * @param expected which node it has to be; empty if any will do
   * @param resume the token that the node gave last time
   * @param random for nonces; a {@link java.security.SecureRandom} for anything but a simulation
   * @param clock to compare the node's with
   */
  public NodeClient(
      Flow flow,
      PeerKey key,
      String url,
      Optional<PeerId> expected,
      Optional<Bytes> resume,
      RandomGenerator random,
      InstantSource clock,
      MonotonicTime now) {
    this.flow = flow;
    this.key = key;
    this.url = url;
    this.expected = expected;
    this.resume = resume;
    this.random = random;
    this.clock = clock;
    this.heard = now;
    this.said = now;
    this.proofDeadline = now.plus(PATIENCE);
  }

  /** The connection. */
  public Flow flow() {
    return flow;
  }

  /** Whether both sides have proven who they are, and it is not over. */
  public boolean isWelcome() {
    return welcome.isPresent() && !ended;
  }

  /**
   * Asks for something; the answer is a {@link ClientEvent.Answered}.
   *
   * @param request makes the request with the id that it gets
   * @return that id
   * @throws IllegalStateException unless it {@link #isWelcome}
   */
  public long ask(LongFunction<Frame.Request> request, MonotonicTime now) {
    if (!isWelcome()) {
      throw new IllegalStateException("nobody to ask");
    }
    long id = nextRequest++;
    if (waiting.size() >= MOST_WAITING) {
      events.add(new ClientEvent.Answered(id, Optional.empty()));
      return id;
    }
    waiting.put(id, now.plus(PATIENCE));
    send(request.apply(id), now);
    return id;
  }

  /** Takes a message. */
  public void receive(Bytes message, MonotonicTime now) {
    if (ended) {
      return;
    }
    heard = now;
    checked = Optional.empty();
    try {
      take(FrameText.read(message), now);
    } catch (FrameException e) {
      end("the node speaks another language: " + e.getMessage(), Optional.empty(), false);
    }
  }

  private void take(Frame frame, MonotonicTime now) {
    if (frame instanceof Frame.Refusal refusal && refusal.re().isEmpty()) {
      end("the node said: " + refusal.reason(), refusal.retryAfter(), false);
    } else if (welcome.isPresent() && frame instanceof Frame.Redirect redirect) {
      redirected(redirect);
    } else if (welcome.isPresent()) {
      proven(frame);
    } else if (frame instanceof Frame.Hello its && hello.isEmpty()) {
      greet(its, now);
    } else if (frame instanceof Frame.Welcome its && hello.isPresent() && auth.isPresent()) {
      welcomed(its, hello.get(), auth.get());
    } else {
      end("the node speaks out of turn", Optional.empty(), false);
    }
  }

  private void greet(Frame.Hello its, MonotonicTime now) {
    if (expected.isPresent() && !expected.get().equals(its.node())) {
      end("another node answers there: " + its.node(), Optional.empty(), true);
      return;
    }
    byte[] nonce = new byte[Proof.NONCE];
    random.nextBytes(nonce);
    Bytes own = Bytes.wrap(nonce);
    Frame.Auth proof = new Frame.Auth(key.id(), own, url, Proof.ofPeer(key, its, own, url), resume);
    hello = Optional.of(its);
    auth = Optional.of(proof);
    send(proof, now);
  }

  private void welcomed(Frame.Welcome its, Frame.Hello greeting, Frame.Auth proof) {
    if (!Proof.isOfNode(its, greeting, proof)) {
      end("the node does not prove to be " + greeting.node(), Optional.empty(), true);
      return;
    }
    welcome = Optional.of(its);
    events.add(
        new ClientEvent.Welcomed(
            greeting.node(),
            its,
            Duration.between(clock.instant(), greeting.time()),
            greeting.stun()));
  }

  private void proven(Frame frame) {
    if (frame instanceof Frame.Reply reply) {
      answered(reply.re(), frame);
    } else if (frame instanceof Frame.Refusal refusal) {
      refusal.re().ifPresent(re -> answered(re, frame));
    } else if (frame instanceof Frame.Said its) {
      events.add(new ClientEvent.Said(its.from(), its.sealed()));
    } else if (frame instanceof Frame.PlateSaid its) {
      events.add(new ClientEvent.PlateSaid(its));
    } else if (frame instanceof Frame.PlateLeft its) {
      events.add(new ClientEvent.PlateLeft(its));
    } else {
      end("the node speaks out of turn", Optional.empty(), false);
    }
  }

  /** Where to go is said once. */
  private void redirected(Frame.Redirect redirect) {
    if (!redirected) {
      redirected = true;
      events.add(new ClientEvent.Redirected(redirect));
    }
  }

  /** What was never asked, or given up, is passed over. */
  private void answered(long re, Frame frame) {
    if (waiting.remove(re) != null) {
      events.add(new ClientEvent.Answered(re, Optional.of(frame)));
    }
  }

  /** Takes what became of the connection. */
  public void accept(Input input) {
    if (input instanceof Input.Closed closed && closed.id() == flow.id() && !ended) {
      ended = true;
      over("the connection broke: " + closed.detail(), Optional.empty(), false);
    }
  }

  /** Gives up what waited for too long, and shows that it is there. */
  public void advance(MonotonicTime now) {
    if (ended) {
      return;
    }
    if (welcome.isEmpty()) {
      if (!now.isBefore(proofDeadline)) {
        end("the node does not answer", Optional.empty(), false);
      }
      return;
    }
    if (!now.isBefore(silentAt())) {
      end("the node fell silent", Optional.empty(), false);
      return;
    }
    List<Long> late =
        waiting.entrySet().stream()
            .filter(entry -> !now.isBefore(entry.getValue()))
            .map(Map.Entry::getKey)
            .toList();
    for (Long id : late) {
      waiting.remove(id);
      events.add(new ClientEvent.Answered(id, Optional.empty()));
    }
    if (!now.isBefore(pingDue())) {
      // Whatever comes back is a sign of life, so nobody waits for this answer.
      send(new Frame.Ping(nextRequest++), now);
    }
  }

  /** When {@link #advance} has something to do. */
  public Optional<MonotonicTime> nextDeadline() {
    if (ended) {
      return Optional.empty();
    }
    if (welcome.isEmpty()) {
      return Optional.of(proofDeadline);
    }
    MonotonicTime next = pingDue();
    next = earlier(next, silentAt());
    for (MonotonicTime late : waiting.values()) {
      // They are in the order of asking, and all wait equally long.
      next = earlier(next, late);
      break;
    }
    return Optional.of(next);
  }

  /**
   * The way to the node may be another one: it is over unless the node answers within 3 seconds.
   */
  public void check(MonotonicTime now) {
    if (isWelcome() && checked.isEmpty()) {
      checked = Optional.of(now.plus(CHECK));
      send(new Frame.Ping(nextRequest++), now);
    }
  }

  private MonotonicTime silentAt() {
    return checked.map(at -> earlier(at, heard.plus(quiet()))).orElseGet(() -> heard.plus(quiet()));
  }

  private static MonotonicTime earlier(MonotonicTime one, MonotonicTime other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  /** A third of the time, so that one lost try does not matter. */
  private MonotonicTime pingDue() {
    return said.plus(quiet().dividedBy(3));
  }

  private Duration quiet() {
    Duration quiet = welcome.map(Frame.Welcome::quiet).orElse(PATIENCE);
    return quiet.compareTo(SHORTEST_QUIET) < 0
        ? SHORTEST_QUIET
        : quiet.compareTo(LONGEST_QUIET) > 0 ? LONGEST_QUIET : quiet;
  }

  /** Ends it without a word. */
  public void close() {
    if (!ended) {
      end("closed", Optional.empty(), false);
    }
  }

  private void end(String reason, Optional<Duration> retryAfter, boolean lied) {
    ended = true;
    outputs.add(new Output.Close(flow.id()));
    over(reason, retryAfter, lied);
  }

  private void over(String reason, Optional<Duration> retryAfter, boolean lied) {
    waiting.keySet().forEach(id -> events.add(new ClientEvent.Answered(id, Optional.empty())));
    waiting.clear();
    events.add(new ClientEvent.Ended(reason, retryAfter, welcome.isPresent(), lied));
  }

  private void send(Frame frame, MonotonicTime now) {
    said = now;
    outputs.add(new Output.Send(flow, FrameText.write(frame)));
  }

  /** What is to be done. */
  public Optional<Output> pollOutput() {
    return Optional.ofNullable(outputs.poll());
  }

  /** What happened. */
  public Optional<ClientEvent> pollEvent() {
    return Optional.ofNullable(events.poll());
  }
}

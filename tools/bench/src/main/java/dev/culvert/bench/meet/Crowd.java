package dev.culvert.bench.meet;

import dev.culvert.identity.PeerKey;
import dev.culvert.identity.Signed;
import dev.culvert.rendezvous.client.ClientEvent;
import dev.culvert.rendezvous.client.NodeClient;
import dev.culvert.rendezvous.wire.Frame;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Machine;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.ServerIdentity;
import dev.culvert.sansio.TransportAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.SplittableRandom;

/**
 * Many peers of one node. Each is our own client with a key of its own; what differs from peers in
 * the world is that they share a process, and that they do what the benchmark says.
 */
final class Crowd implements Machine<String> {
  private static final Duration TICK = Duration.ofMillis(20);
  private static final String HOST = "node.bench";
  private static final String URL = "wss://node.bench/rdv";

  /** As long as a sealed offer of ICE with a few candidates. */
  private static final int SIGNAL = 1100;

  /** Of 20 ms each; who is there shows it in time. */
  private static final int TICKS_PER_ROUND = 250;

  private static final Duration FIRST_WAIT = Duration.ofSeconds(2);
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

  /** Until the node has let it in. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final Duration LONGEST_TASK = Duration.ofMinutes(10);

  private record Retry(MonotonicTime at, Member member) {}

  private record Dial(MonotonicTime until, long id) {}

  private final List<TransportAddress> nodes;
  private final ServerIdentity identity;
  private final Bytes sealingKey;
  private final SplittableRandom random = new SplittableRandom(20260101);
  private final InstantSource clock = InstantSource.system();
  private final Map<Long, Member> byId = new HashMap<>();
  private final List<Member> standing = new ArrayList<>();
  private final PriorityQueue<Retry> retries = new PriorityQueue<>(Comparator.comparing(Retry::at));
  private final Queue<Dial> dials = new ArrayDeque<>();
  private final Queue<Output> outputs = new ArrayDeque<>();
  private final Queue<String> answers = new ArrayDeque<>();
  private final Bytes signal;
  private final Tally tally = new Tally();
  private MonotonicTime nextTick;
  private int sweep;
  private long nextId;
  private Optional<Task> task = Optional.empty();

  /** What is done now. */
  private static final class Task {
    final String name;
    final MonotonicTime begun;
    final MonotonicTime end;
    final int goal;
    int begunCount;

    Task(String name, MonotonicTime begun, MonotonicTime end, int goal) {
      this.name = name;
      this.begun = begun;
      this.end = end;
      this.goal = goal;
    }
  }

  Crowd(
      List<TransportAddress> nodes, ServerIdentity identity, Bytes sealingKey, MonotonicTime now) {
    this.nodes = nodes;
    this.identity = identity;
    this.sealingKey = sealingKey;
    this.nextTick = now;
    byte[] sealed = new byte[SIGNAL];
    random.nextBytes(sealed);
    this.signal = Bytes.wrap(sealed);
  }

  /** Connects and registers so many, some of them at a time; those who leave go at once. */
  void join(int count, int atOnce, boolean leave, MonotonicTime now) {
    begin(new Task(leave ? "leave" : "join", now, now.plus(LONGEST_TASK), count));
    for (int i = 0; i < Math.min(count, atOnce); i++) {
      next(now);
    }
  }

  /** Waits until all who stay are registered again. */
  void gather(MonotonicTime now) {
    begin(new Task("gather", now, now.plus(LONGEST_TASK), standing.size()));
  }

  /** Asks for one thing after the other, so many of them waiting for an answer at any time. */
  void ask(String what, Duration time, int atOnce, MonotonicTime now) {
    begin(new Task(what, now, now.plus(time), 0));
    for (int i = 0; i < atOnce; i++) {
      next(now);
    }
  }

  private void begin(Task next) {
    tally.reset();
    task = Optional.of(next);
  }

  private void next(MonotonicTime now) {
    Task doing = task.orElse(null);
    if (doing == null || !now.isBefore(doing.end)) {
      return;
    }
    switch (doing.name) {
      case "leave", "join" -> {
        if (doing.begunCount < doing.goal) {
          doing.begunCount++;
          Member member = new Member(PeerKey.generate(random), doing.name.equals("leave"));
          if (!member.leaves) {
            standing.add(member);
          }
          connect(member, now);
        }
      }
      case "signal" -> {
        Member to = anybody();
        anybody().client.ifPresent(from -> say(from, to, now));
      }
      case "register" -> register(anybody(), now);
      default -> {}
    }
  }

  private Member anybody() {
    Member member;
    do {
      member = standing.get(random.nextInt(standing.size()));
    } while (!member.isThere());
    return member;
  }

  private void say(NodeClient from, Member to, MonotonicTime now) {
    from.ask(id -> new Frame.Signal(id, to.key.id(), signal), now);
    flush(from);
  }

  private void register(Member member, MonotonicTime now) {
    Signed record = member.record(sealingKey, clock.instant());
    member.client.ifPresent(
        client -> {
          client.ask(id -> new Frame.Register(id, record, List.of()), now);
          flush(client);
        });
  }

  private void connect(Member member, MonotonicTime now) {
    long id = nextId++;
    byId.put(id, member);
    dials.add(new Dial(now.plus(PATIENCE), id));
    outputs.add(
        new Output.OpenWebSocket(
            id,
            nodes.get((int) (id % nodes.size())),
            HOST,
            "/rdv",
            "rdv.v1.json",
            Optional.of(identity)));
  }

  @Override
  public void receive(Flow from, Bytes payload, MonotonicTime now) {
    Member member = byId.get(from.id());
    if (member != null) {
      member.client.ifPresent(client -> client.receive(payload, now));
      settle(member, from.id(), now);
    }
  }

  @Override
  public void accept(Input input, MonotonicTime now) {
    if (input instanceof Input.Opened opened) {
      Member member = byId.get(opened.flow().id());
      if (member != null) {
        member.client =
            Optional.of(
                new NodeClient(
                    opened.flow(),
                    member.key,
                    URL,
                    Optional.of(Bench.NODE.id()),
                    member.token,
                    random,
                    clock,
                    now));
      }
    } else if (input instanceof Input.Closed closed) {
      Member member = byId.get(closed.id());
      if (member != null && member.client.isPresent()) {
        member.client.get().accept(closed);
        settle(member, closed.id(), now);
      } else if (member != null) {
        ended(member, closed.id(), closed.detail(), Optional.empty(), now);
      }
    }
  }

  private void settle(Member member, long id, MonotonicTime now) {
    NodeClient client = member.client.orElse(null);
    if (client == null) {
      return;
    }
    for (Optional<ClientEvent> event = client.pollEvent();
        event.isPresent();
        event = client.pollEvent()) {
      take(member, id, event.get(), now);
    }
    flush(client);
  }

  private void flush(NodeClient client) {
    for (Optional<Output> output = client.pollOutput();
        output.isPresent();
        output = client.pollOutput()) {
      outputs.add(output.get());
    }
  }

  private void take(Member member, long id, ClientEvent event, MonotonicTime now) {
    if (event instanceof ClientEvent.Welcomed welcomed) {
      member.token = Optional.of(welcomed.welcome().resume());
      register(member, now);
    } else if (event instanceof ClientEvent.Answered answered) {
      answered(member, answered.answer(), now);
    } else if (event instanceof ClientEvent.Said) {
      tally.said++;
    } else if (event instanceof ClientEvent.Ended over) {
      ended(member, id, over.reason(), over.retryAfter(), now);
    }
  }

  private void answered(Member member, Optional<Frame> answer, MonotonicTime now) {
    Frame frame = answer.orElse(null);
    if (frame instanceof Frame.Registered) {
      tally.done++;
      if (!member.registered) {
        member.registered = true;
        member.failures = 0;
      }
      if (member.leaves) {
        member.client.ifPresent(NodeClient::close);
        return;
      }
      next(now);
    } else if (frame instanceof Frame.Delivered) {
      tally.done++;
      next(now);
    } else {
      tally.failed(frame == null ? "no answer" : what(frame));
      next(now);
    }
  }

  private static String what(Frame frame) {
    if (frame instanceof Frame.Refusal refusal) {
      return refusal.code() + " " + refusal.reason();
    }
    return frame instanceof Frame.Undeliverable not
        ? "undeliverable: " + not.reason()
        : frame.getClass().getSimpleName();
  }

  private void ended(
      Member member, long id, String reason, Optional<Duration> retryAfter, MonotonicTime now) {
    byId.remove(id);
    boolean left = member.leaves && member.registered;
    member.registered = false;
    member.client = Optional.empty();
    if (left) {
      next(now);
      return;
    }
    tally.failed(reason);
    retries.add(new Retry(now.plus(wait(member, retryAfter)), member));
  }

  /** As a peer of ours waits that has one node only. */
  private Duration wait(Member member, Optional<Duration> retryAfter) {
    Duration doubled = FIRST_WAIT.multipliedBy(1L << Math.min(member.failures++, 6));
    Duration most = doubled.compareTo(LONGEST_WAIT) < 0 ? doubled : LONGEST_WAIT;
    Duration own = most.dividedBy(2).plusNanos(random.nextLong(most.toNanos()));
    return retryAfter.filter(told -> told.compareTo(own) > 0).orElse(own);
  }

  @Override
  public void advance(MonotonicTime now) {
    if (now.isBefore(nextTick)) {
      return;
    }
    nextTick = now.plus(TICK);
    for (Retry due = retries.peek(); due != null && !now.isBefore(due.at()); due = retries.peek()) {
      retries.remove();
      tally.retries++;
      connect(due.member(), now);
    }
    for (Dial due = dials.peek(); due != null && !now.isBefore(due.until()); due = dials.peek()) {
      dials.remove();
      giveUp(due.id(), now);
    }
    int share = standing.size() / TICKS_PER_ROUND + 1;
    for (int i = 0; i < share && !standing.isEmpty(); i++) {
      Member member = standing.get(sweep++ % standing.size());
      if (member.client.isPresent()) {
        NodeClient client = member.client.get();
        client.advance(now);
        settle(member, client.flow().id(), now);
      }
    }
    task.filter(doing -> !now.isBefore(doing.end) || isDone(doing))
        .ifPresent(doing -> finish(doing, now));
  }

  private boolean isDone(Task doing) {
    return switch (doing.name) {
      case "leave", "join" -> tally.done >= doing.goal;
      case "gather" -> standing.stream().allMatch(Member::isThere);
      default -> false;
    };
  }

  private void giveUp(long id, MonotonicTime now) {
    Member member = byId.get(id);
    if (member != null && member.client.filter(NodeClient::isWelcome).isEmpty()) {
      outputs.add(new Output.Close(id));
      ended(member, id, "not let in within " + PATIENCE.toSeconds() + " s", Optional.empty(), now);
    }
  }

  private void finish(Task doing, MonotonicTime now) {
    task = Optional.empty();
    double seconds = now.since(doing.begun).toNanos() / 1e9;
    answers.add(tally.json(doing.name, seconds));
  }

  @Override
  public Optional<MonotonicTime> nextDeadline() {
    return Optional.of(nextTick);
  }

  @Override
  public Optional<Output> pollOutput() {
    return Optional.ofNullable(outputs.poll());
  }

  @Override
  public Optional<String> pollEvent() {
    return Optional.ofNullable(answers.poll());
  }
}

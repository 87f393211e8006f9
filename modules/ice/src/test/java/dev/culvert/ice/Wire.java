package dev.culvert.ice;

import dev.culvert.sansio.Flow;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.Predicate;

/** Two agents of several components on one line, without hosts and sockets. */
final class Wire {
  private static final Duration ONE_WAY = Duration.ofMillis(25);

  /** What left, the oldest first. */
  final List<Sent> sent = new ArrayList<>();

  final IceAgent a;
  final IceAgent b;
  private final PriorityQueue<Later> later =
      new PriorityQueue<>(Comparator.comparing(Later::when).thenComparing(Later::number));
  private Predicate<Sent> passes = each -> true;
  private MonotonicTime now = new MonotonicTime(0);
  private int number;

  /** Something that an agent sent. */
  record Sent(boolean byA, long millis, ComponentId component, Flow flow, boolean request) {
    /** A check by stream, component and the types of its candidates, such as "0.1 host-relay". */
    String words() {
      return component.stream()
          + "."
          + component.component()
          + " "
          + type(flow.local())
          + "-"
          + type(flow.remote());
    }

    private static String type(TransportAddress address) {
      return address.port() >= 2000 ? "relay" : "host";
    }
  }

  private record Later(MonotonicTime when, int number, Runnable what) {}

  Wire(IceConfig first, IceConfig second) {
    a = new IceAgent(first, new Random(1));
    b = new IceAgent(second, new Random(2));
  }

  /** Loses what does not pass. */
  void passes(Predicate<Sent> filter) {
    passes = filter;
  }

  MonotonicTime now() {
    return now;
  }

  /** Candidates of all components: a host's, and where wanted a relay's. */
  static List<LocalCandidate> candidates(
      boolean ofA, boolean relayed, Iterable<ComponentId> components) {
    List<LocalCandidate> all = new ArrayList<>();
    for (ComponentId component : components) {
      all.add(candidate(ofA, CandidateType.HOST, component));
      if (relayed) {
        all.add(candidate(ofA, CandidateType.RELAYED, component));
      }
    }
    return all;
  }

  private static LocalCandidate candidate(boolean ofA, CandidateType type, ComponentId component) {
    int port =
        (type == CandidateType.HOST ? 1000 : 2000)
            + 10 * component.stream()
            + component.component();
    TransportAddress address =
        new TransportAddress(
            IpLiterals.parse(ofA ? "198.51.100.1" : "198.51.100.2").orElseThrow(), port);
    return new LocalCandidate(
        new Candidate(
            type.word(),
            component,
            Transport.UDP,
            Priorities.of(type, Priorities.ONLY_ADDRESS, component.component()),
            new CandidateAddress.Ip(address),
            type,
            Optional.empty(),
            Optional.empty()),
        new Base(port, Transport.UDP, address));
  }

  /** Does something at a later time. */
  void at(long millis, Runnable what) {
    later.add(new Later(new MonotonicTime(0).plus(Duration.ofMillis(millis)), number++, what));
  }

  /** Lets time pass. */
  void run(Duration span) {
    MonotonicTime end = now.plus(span);
    drain();
    while (true) {
      List<MonotonicTime> all = new ArrayList<>();
      Optional.ofNullable(later.peek()).map(Later::when).ifPresent(all::add);
      a.nextDeadline().ifPresent(all::add);
      b.nextDeadline().ifPresent(all::add);
      Optional<MonotonicTime> next =
          all.stream().min(Comparator.naturalOrder()).filter(when -> !end.isBefore(when));
      if (next.isEmpty()) {
        now = end;
        return;
      }
      now = now.isBefore(next.get()) ? next.get() : now;
      while (!later.isEmpty() && !now.isBefore(later.peek().when())) {
        later.remove().what().run();
      }
      a.advance(now);
      b.advance(now);
      drain();
    }
  }

  private void drain() {
    drain(a, b);
    drain(b, a);
  }

  private void drain(IceAgent from, IceAgent other) {
    for (Optional<Output> next = from.pollOutput(); next.isPresent(); next = from.pollOutput()) {
      Output.Send send = (Output.Send) next.get();
      boolean request =
          StunCodec.decode(send.payload())
              .packet()
              .filter(packet -> packet.message().messageClass() == MessageClass.REQUEST)
              .isPresent();
      int port = send.flow().local().port() % 1000;
      Sent what =
          new Sent(
              from == a,
              now.since(new MonotonicTime(0)).toMillis(),
              new ComponentId(port / 10, port % 10),
              send.flow(),
              request);
      sent.add(what);
      if (passes.test(what)) {
        TransportAddress to = send.flow().remote();
        TransportAddress origin = send.flow().local();
        Flow arrives = new Flow(to.port(), Transport.UDP, to, origin);
        later.add(
            new Later(
                now.plus(ONE_WAY), number++, () -> other.receive(arrives, send.payload(), now)));
      }
    }
    while (from.pollEvent().isPresent()) {
      // States are asked for.
    }
  }
}

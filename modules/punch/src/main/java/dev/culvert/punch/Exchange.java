package dev.culvert.punch;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.TransactionId;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Requests and answers. A path is open for the leading side when its request to use it was
 * answered, and for the other one when that request came and one of its own was answered.
 */
final class Exchange {
  private static final int MOST_PAIRS = 16;

  private record Key(long id, TransportAddress remote) {}

  private final PunchAttempt attempt;
  private final RandomGenerator random;
  private final Toll toll;
  private final Flights flights = new Flights();
  private final Map<Key, Pair> pairs = new HashMap<>();
  private final Queue<Output> outputs = new ArrayDeque<>();
  private @Nullable Pair nominee;
  private @Nullable Pair winner;
  private boolean heard;
  private long dropped;

  Exchange(PunchAttempt attempt, RandomGenerator random, Toll toll) {
    this.attempt = attempt;
    this.random = random;
    this.toll = toll;
  }

  /** Asks an address that may be the peer's. */
  PunchLedger.Answer ask(Flow flow, int ttl, MonotonicTime now) {
    PunchLedger.Answer answer = toll.charge(flow.remote().ip(), now);
    if (answer == PunchLedger.Answer.SEND) {
      request(flow, false, ttl, now);
    }
    return answer;
  }

  private void request(Flow flow, boolean use, int ttl, MonotonicTime now) {
    TransactionId id = TransactionId.random(random);
    flights.sent(id, new Flights.Flight(flow, now, use));
    send(flow, new PunchPacket(true, id, attempt.leads(), use, flow.remote()), ttl);
  }

  private void send(Flow flow, PunchPacket packet, int ttl) {
    Bytes wire = packet.encode(attempt.secret());
    outputs.add(new Output.Send(flow, wire, ttl, false));
  }

  Optional<Output> pollOutput() {
    return Optional.ofNullable(outputs.poll());
  }

  /** A packet came on a socket of this attempt, or on the shared one. */
  void receive(Flow from, Bytes payload, MonotonicTime now) {
    Optional<PunchPacket> proven =
        PunchPacket.decode(payload, attempt.secret())
            .filter(packet -> packet.fromLeader() != attempt.leads())
            .filter(packet -> from.remote().port() != 0);
    if (proven.isEmpty()) {
      dropped++;
      return;
    }
    PunchPacket packet = proven.get();
    if (packet.request()) {
      requested(packet, from, now);
    } else {
      answered(packet, from, now);
    }
  }

  private void requested(PunchPacket packet, Flow from, MonotonicTime now) {
    boolean fresh = flights.isFresh(packet.id(), from);
    if (!fresh || toll.owe(from.remote().ip(), now) != PunchLedger.Answer.SEND) {
      dropped++;
      return;
    }
    heard = true;
    send(
        from,
        new PunchPacket(false, packet.id(), attempt.leads(), packet.use(), from.remote()),
        Output.SYSTEM_TTL);
    Pair pair = pair(from, now);
    if (pair == null) {
      return;
    }
    pair.seen = Optional.of(packet.address());
    pair.used |= packet.use() && !attempt.leads();
    if (!pair.answered) {
      pair.hurry(now);
    }
    nominate(pair);
    decide(pair);
  }

  private void answered(PunchPacket packet, Flow from, MonotonicTime now) {
    Optional<Flights.Flight> flight = flights.answered(packet.id(), from);
    if (flight.isEmpty()) {
      dropped++;
      return;
    }
    heard = true;
    toll.answered(from.remote().ip());
    Pair pair = pair(from, now);
    if (pair == null) {
      return;
    }
    pair.answered = true;
    pair.seen = Optional.of(packet.address());
    pair.roundTrip = now.since(flight.get().at());
    if (flight.get().use()) {
      pair.agreed = true;
    } else if (nominate(pair)) {
      pair.force(now);
    }
    decide(pair);
  }

  private @Nullable Pair pair(Flow flow, MonotonicTime now) {
    Key key = new Key(flow.id(), flow.remote());
    Pair known = pairs.get(key);
    if (known == null && winner == null && pairs.size() < MOST_PAIRS) {
      known = new Pair(flow, now);
      pairs.put(key, known);
    }
    return known;
  }

  /** The leading side takes the first that shows itself. */
  private boolean nominate(Pair pair) {
    if (attempt.leads() && nominee == null) {
      nominee = pair;
      return true;
    }
    return false;
  }

  private void decide(Pair pair) {
    boolean open = attempt.leads() ? pair.agreed : pair.used && pair.answered;
    if (open && winner == null) {
      winner = pair;
      pairs.values().removeIf(other -> other != pair);
    }
  }

  /** Asks again where it is time to. */
  void advance(MonotonicTime now) {
    if (winner != null) {
      return;
    }
    for (Pair pair : pairs.values()) {
      boolean use = pair == nominee;
      boolean wanted = use || !pair.answered;
      boolean due = wanted && !pair.isHopeless() && pair.isDue(now);
      if (due && toll.owe(pair.flow.remote().ip(), now) == PunchLedger.Answer.SEND) {
        pair.asked(now);
        request(pair.flow, use, Output.SYSTEM_TTL, now);
      } else if (due) {
        pair.asked(now);
      }
    }
    if (nominee != null && nominee.isHopeless()) {
      Pair failed = nominee;
      pairs.values().remove(failed);
      nominee =
          pairs.values().stream().filter(other -> !other.isHopeless()).findFirst().orElse(null);
    }
    pairs.values().removeIf(pair -> pair.isHopeless() && !pair.answered);
  }

  Optional<MonotonicTime> nextDeadline() {
    if (winner != null) {
      return Optional.empty();
    }
    return pairs.values().stream()
        .filter(pair -> pair == nominee || (!pair.answered && !pair.isHopeless()))
        .map(Pair::due)
        .min(MonotonicTime::compareTo);
  }

  /** The path that is open for both; empty as long as there is none. */
  Optional<Pair> winner() {
    return Optional.ofNullable(winner);
  }

  /** Whether anything proven came. */
  boolean isHeard() {
    return heard;
  }

  /** Whether something proven came on that socket. */
  boolean isLookedAt(long id) {
    return pairs.keySet().stream().anyMatch(key -> key.id() == id);
  }

  /** Whether a path is being looked at, so that there is no hurry with others. */
  boolean isClose() {
    return pairs.values().stream().anyMatch(pair -> !pair.isHopeless());
  }

  /** What came and proved nothing. */
  long dropped() {
    return dropped;
  }
}

package dev.culvert.rendezvous.call;

import dev.culvert.identity.PeerId;
import dev.culvert.identity.PeerKey;
import dev.culvert.identity.SealingKey;
import dev.culvert.rendezvous.PeerRecord;
import dev.culvert.rendezvous.client.Fate;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.MonotonicTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;

/** Peers that call each other over a carrier which may do them harm, on a clock of its own. */
final class CallWorld {
  private static final Instant START = Instant.ofEpochSecond(1_800_000_000);

  /** What the carrier does with a signal. */
  interface Carrier {
    /** After which times it is delivered, none for a loss, and what its sender is told. */
    Fortune carry(Somebody from, CallOutput.Signal signal);
  }

  record Fortune(List<Duration> arrivals, Fate told) {}

  private record Later(long nanos, long order, Runnable action) {}

  final Random random;
  final Map<PeerId, Somebody> people = new LinkedHashMap<>();

  /** Everything that was said, whether it arrived or not. */
  final List<CallOutput.Signal> said = new ArrayList<>();

  Carrier carrier = (from, signal) -> new Fortune(List.of(Duration.ofMillis(20)), Fate.DELIVERED);

  private final PriorityQueue<Later> queue =
      new PriorityQueue<>(Comparator.comparingLong(Later::nanos).thenComparing(Later::order));
  private long nanos;
  private long order;

  CallWorld(long seed) {
    random = new Random(seed);
  }

  MonotonicTime now() {
    return new MonotonicTime(nanos);
  }

  Instant time() {
    return START.plusNanos(nanos);
  }

  Somebody somebody(AcceptPolicy policy) {
    return somebody(policy, CallConfig.STANDARD);
  }

  Somebody somebody(AcceptPolicy policy, CallConfig config) {
    Somebody fresh = new Somebody(PeerKey.generate(random), policy, config);
    people.put(fresh.id(), fresh);
    return fresh;
  }

  Somebody person(PeerId id) {
    return Objects.requireNonNull(people.get(id));
  }

  void later(Duration after, Runnable action) {
    queue.add(new Later(nanos + after.toNanos(), order++, action));
  }

  /** Lets time pass, and everybody do what they want to. */
  void pass(Duration time) {
    long end = nanos + time.toNanos();
    while (true) {
      people.values().forEach(Somebody::settle);
      Optional<MonotonicTime> due =
          people.values().stream()
              .flatMap(each -> each.calls.nextDeadline().stream())
              .min(Comparator.naturalOrder());
      Later next = queue.peek();
      long when =
          Math.min(next == null ? end : next.nanos(), due.map(MonotonicTime::nanos).orElse(end));
      if (when >= end) {
        nanos = end;
        return;
      }
      nanos = Math.max(nanos, when);
      if (next != null && next.nanos() <= nanos) {
        queue.remove(next);
        next.action().run();
      } else {
        people.values().forEach(each -> each.calls.advance(now()));
      }
    }
  }

  /** A peer with an owner that takes what it is asked about, unless told otherwise. */
  final class Somebody {
    final PeerKey key;
    SealingKey sealing = SealingKey.generate(random);
    List<SealingKey> old = new ArrayList<>();
    Calls calls;
    boolean accepts = true;
    boolean known = true;
    Optional<PeerRecord> wrong = Optional.empty();
    int descriptions = 1;
    final List<CallEvent> events = new ArrayList<>();
    private final Map<Long, List<String>> heard = new HashMap<>();
    final List<CallOutput.Signal> own = new ArrayList<>();
    int lookups;

    Somebody(PeerKey key, AcceptPolicy policy, CallConfig config) {
      this.key = key;
      this.calls = begin(policy, config);
    }

    Calls begin(AcceptPolicy policy, CallConfig config) {
      return new Calls(
          key,
          config,
          policy,
          () -> {
            List<SealingKey> all = new ArrayList<>(List.of(sealing));
            all.addAll(old);
            return all;
          },
          random,
          CallWorld.this::time);
    }

    PeerId id() {
      return key.id();
    }

    void rotate() {
      old = List.of(sealing);
      sealing = SealingKey.generate(random);
    }

    PeerRecord record() {
      return new PeerRecord(id(), sealing.publicKey(), 1, time().plus(Duration.ofMinutes(30)));
    }

    long call(Somebody other) {
      return calls.call(other.id(), Optional.empty(), now());
    }

    <T extends CallEvent> List<T> told(Class<T> type) {
      return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** What the other said in a call. */
    List<String> heard(long call) {
      return heard.getOrDefault(call, List.of());
    }

    /** The call that it was asked about first. */
    long asked() {
      return told(CallEvent.Asked.class).get(0).call();
    }

    /** Why a call ended, if it has. */
    Optional<CallEnd> end(long call) {
      return told(CallEvent.Ended.class).stream()
          .filter(its -> its.call() == call)
          .map(CallEvent.Ended::reason)
          .findFirst();
    }

    void hear(PeerId from, Bytes sealed) {
      calls.said(from, sealed, now());
    }

    void settle() {
      boolean more = true;
      while (more) {
        Optional<CallOutput> output = calls.pollOutput();
        output.ifPresent(this::carryOut);
        Optional<CallEvent> event = calls.pollEvent();
        event.ifPresent(this::take);
        more = output.isPresent() || event.isPresent();
      }
    }

    private void carryOut(CallOutput output) {
      if (output instanceof CallOutput.Lookup lookup) {
        lookups++;
        later(Duration.ofMillis(10), () -> answer(lookup));
      } else if (output instanceof CallOutput.Signal signal) {
        said.add(signal);
        own.add(signal);
        Fortune fortune = carrier.carry(this, signal);
        for (Duration after : fortune.arrivals()) {
          later(after, () -> person(signal.to()).hear(id(), signal.sealed()));
        }
        later(Duration.ofMillis(10), () -> calls.signalled(signal.id(), fortune.told(), now()));
      }
    }

    private void answer(CallOutput.Lookup lookup) {
      Somebody other = people.get(lookup.peer());
      if (other == null || !other.known) {
        calls.notFound(lookup.id(), other != null || people.size() > 1, now());
      } else {
        calls.found(lookup.id(), other.wrong.orElseGet(other::record), now());
      }
    }

    private void take(CallEvent event) {
      events.add(event);
      if (event instanceof CallEvent.Asked asked && accepts) {
        calls.accept(asked.call(), now());
      } else if (event instanceof CallEvent.Agreed agreed) {
        for (int i = 0; i < descriptions; i++) {
          calls.describe(agreed.call(), "{\"of\":\"" + id() + "\",\"nr\":" + i + "}", now());
        }
      } else if (event instanceof CallEvent.Reopened reopened) {
        heard.remove(reopened.call());
      } else if (event instanceof CallEvent.Described described) {
        List<String> all = heard.computeIfAbsent(described.call(), fresh -> new ArrayList<>());
        all.add(described.description());
        if (all.size() == descriptions) {
          calls.connected(described.call(), now());
        }
      }
    }

    /** What the other is to have heard in a call. */
    List<String> saying() {
      List<String> all = new ArrayList<>();
      for (int i = 0; i < descriptions; i++) {
        all.add("{\"of\":\"" + id() + "\",\"nr\":" + i + "}");
      }
      return all;
    }
  }
}

package dev.culvert.rendezvous.node;

import dev.culvert.rendezvous.wire.Frame;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.MonotonicTime;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * Plates: numbers under which a peer waits for somebody whom it told the number by word of mouth.
 * What the two say is passed on and not understood. Each plate lives for a while, has few visits,
 * one at a time, and few messages in each.
 */
final class Plates {
  static final int MOST = 4000;
  static final int MOST_PER_PEER = 2;
  static final int MOST_PER_PREFIX = 64;
  static final int KNOCKS_PER_PREFIX = 30;
  static final int VISITS = 3;
  static final int MESSAGES_PER_VISIT = 20;
  static final Duration LIFE = Duration.ofMinutes(10);
  static final Duration VISIT = Duration.ofMinutes(1);

  private static final Duration BUSY_RETRY = Duration.ofSeconds(5);

  private final BiConsumer<Guest, Frame> sender;
  private final Buckets<Bytes> knocks = new Buckets<>(KNOCKS_PER_PREFIX);

  /** In the order of opening, which is the one in which they expire. */
  private final Map<Integer, Plate> plates = new LinkedHashMap<>();

  /** Those that have a visitor, in the order in which the visits end. */
  private final Map<Integer, Plate> visited = new LinkedHashMap<>();

  private final Map<Guest, Set<Plate>> held = new HashMap<>();
  private final Map<Guest, Set<Plate>> visiting = new HashMap<>();
  private final Tally<Bytes> ofPrefix = new Tally<>();

  /** One plate. */
  private static final class Plate {
    private final int number;
    private final Guest holder;
    private final MonotonicTime expiry;
    private Optional<Guest> visitor = Optional.empty();
    private MonotonicTime visitEnd;
    private int visits;
    private int messages;

    Plate(int number, Guest holder, MonotonicTime expiry) {
      this.number = number;
      this.holder = holder;
      this.expiry = expiry;
      this.visitEnd = expiry;
    }

    boolean isVisitedBy(Guest guest) {
      return visitor.filter(guest::equals).isPresent();
    }

    /** The one whom a guest speaks to here in a visit; empty if it has no part in that one. */
    Optional<Guest> other(Guest guest, int visit) {
      if (visit != visits) {
        return Optional.empty();
      }
      return holder.equals(guest)
          ? visitor
          : isVisitedBy(guest) ? Optional.of(holder) : Optional.empty();
    }
  }

  Plates(BiConsumer<Guest, Frame> sender) {
    this.sender = sender;
  }

  void take(Guest guest, Frame.PlateRequest request, MonotonicTime now) {
    expire(now);
    Optional<Plate> plate = Optional.ofNullable(plates.get(request.number()));
    if (request instanceof Frame.OpenPlate open) {
      open(guest, open, now);
    } else if (request instanceof Frame.Knock knock) {
      knock(guest, knock, plate, now);
    } else if (plate.isEmpty()) {
      noPlate(guest, request);
    } else if (request instanceof Frame.PlateSay say) {
      say(guest, say, plate.get());
    } else if (request instanceof Frame.LeavePlate leave) {
      leave(guest, leave, plate.get());
    }
  }

  private void open(Guest guest, Frame.OpenPlate open, MonotonicTime now) {
    if (plates.containsKey(open.number())) {
      refuse(guest, open, Frame.Code.STALE, "that plate is taken");
    } else if (plates.size() >= MOST || hasTooMany(guest)) {
      later(guest, open, Frame.Code.UNAVAILABLE, "there are too many plates", BUSY_RETRY);
    } else {
      Plate plate = new Plate(open.number(), guest, now.plus(LIFE));
      plates.put(plate.number, plate);
      held.computeIfAbsent(guest, fresh -> new LinkedHashSet<>()).add(plate);
      ofPrefix.add(prefix(guest));
      sender.accept(guest, new Frame.Plate(open.id(), LIFE));
    }
  }

  /** A peer is connected once, so what its connection holds is all that it holds. */
  private boolean hasTooMany(Guest guest) {
    return held.getOrDefault(guest, Set.of()).size() >= MOST_PER_PEER
        || (ofPrefix.of(prefix(guest)) >= MOST_PER_PREFIX
            && !guest.flow().remote().ip().isLoopbackAddress());
  }

  private static Bytes prefix(Guest guest) {
    return Gate.prefix(guest.flow().remote().ip());
  }

  private static void drop(Map<Guest, Set<Plate>> of, Guest guest, Plate plate) {
    of.computeIfPresent(
        guest,
        (same, its) -> {
          its.remove(plate);
          return its.isEmpty() ? null : its;
        });
  }

  private void knock(Guest guest, Frame.Knock knock, Optional<Plate> plate, MonotonicTime now) {
    InetAddress ip = guest.flow().remote().ip();
    Bytes prefix = Gate.prefix(ip);
    if (!ip.isLoopbackAddress() && !knocks.take(prefix, now)) {
      Duration wait = knocks.wait(prefix, now).plusSeconds(1);
      later(guest, knock, Frame.Code.TOO_OFTEN, "that is too often", wait);
    } else if (isTooLong(knock.data())) {
      tooLong(guest, knock);
    } else if (plate.isEmpty()) {
      noPlate(guest, knock);
    } else if (plate.get().holder.equals(guest)) {
      refuse(guest, knock, Frame.Code.DENIED, "that plate is yours");
    } else if (plate.get().visitor.isPresent() || !plate.get().holder.isWritable()) {
      later(guest, knock, Frame.Code.UNAVAILABLE, "somebody else is there", BUSY_RETRY);
    } else {
      visit(guest, knock, plate.get(), now);
    }
  }

  private void visit(Guest guest, Frame.Knock knock, Plate plate, MonotonicTime now) {
    plate.visitor = Optional.of(guest);
    plate.visits++;
    plate.messages = 1;
    plate.visitEnd = now.plus(VISIT);
    visited.put(plate.number, plate);
    visiting.computeIfAbsent(guest, fresh -> new LinkedHashSet<>()).add(plate);
    sender.accept(guest, new Frame.Knocked(knock.id(), plate.visits));
    sender.accept(plate.holder, new Frame.PlateSaid(plate.number, plate.visits, knock.data()));
  }

  private void say(Guest guest, Frame.PlateSay say, Plate plate) {
    Optional<Guest> other = plate.other(guest, say.visit());
    if (other.isEmpty()) {
      noPlate(guest, say);
    } else if (isTooLong(say.data())) {
      tooLong(guest, say);
    } else if (plate.messages >= MESSAGES_PER_VISIT) {
      refuse(guest, say, Frame.Code.DENIED, "too much was said already");
    } else if (!other.get().isWritable()) {
      sender.accept(guest, new Frame.Undeliverable(say.id(), Frame.Reason.BUSY));
    } else {
      plate.messages++;
      sender.accept(other.get(), new Frame.PlateSaid(plate.number, plate.visits, say.data()));
      sender.accept(guest, new Frame.Delivered(say.id()));
    }
  }

  private void leave(Guest guest, Frame.LeavePlate leave, Plate plate) {
    boolean isWhole = plate.holder.equals(guest) && leave.visit() == 0;
    if (!isWhole && plate.other(guest, leave.visit()).isEmpty()) {
      noPlate(guest, leave);
      return;
    }
    sender.accept(guest, new Frame.Done(leave.id()));
    if (isWhole) {
      remove(plate, Optional.of(guest));
    } else {
      endVisit(plate, Optional.of(guest));
    }
  }

  /** Tells whoever did not want it, and takes the plate away after its last visit. */
  private void endVisit(Plate plate, Optional<Guest> by) {
    visited.remove(plate.number);
    tell(plate, by, plate.visits);
    plate.visitor.ifPresent(guest -> drop(visiting, guest, plate));
    plate.visitor = Optional.empty();
    if (plate.visits >= VISITS) {
      remove(plate, Optional.empty());
    }
  }

  private void remove(Plate plate, Optional<Guest> by) {
    plates.remove(plate.number);
    visited.remove(plate.number);
    drop(held, plate.holder, plate);
    plate.visitor.ifPresent(guest -> drop(visiting, guest, plate));
    ofPrefix.remove(prefix(plate.holder));
    tell(plate, by, 0);
  }

  private void tell(Plate plate, Optional<Guest> by, int visit) {
    Stream.concat(plate.visitor.stream(), Stream.of(plate.holder))
        .filter(each -> by.isEmpty() || !by.get().equals(each))
        .forEach(each -> sender.accept(each, new Frame.PlateLeft(plate.number, visit)));
  }

  /** Somebody is not connected any more. */
  void gone(Guest guest) {
    for (Plate plate : List.copyOf(visiting.getOrDefault(guest, Set.of()))) {
      endVisit(plate, Optional.of(guest));
    }
    for (Plate plate : List.copyOf(held.getOrDefault(guest, Set.of()))) {
      remove(plate, Optional.of(guest));
    }
  }

  /** Ends what has lasted for too long. */
  void expire(MonotonicTime now) {
    while (!visited.isEmpty() && !now.isBefore(visited.values().iterator().next().visitEnd)) {
      endVisit(visited.values().iterator().next(), Optional.empty());
    }
    while (!plates.isEmpty() && !now.isBefore(plates.values().iterator().next().expiry)) {
      remove(plates.values().iterator().next(), Optional.empty());
    }
  }

  Optional<MonotonicTime> nextDeadline() {
    Stream<MonotonicTime> ends = visited.values().stream().limit(1).map(plate -> plate.visitEnd);
    Stream<MonotonicTime> expiries = plates.values().stream().limit(1).map(plate -> plate.expiry);
    return Stream.concat(ends, expiries).min(MonotonicTime::compareTo);
  }

  private static boolean isTooLong(Bytes data) {
    return data.length() > Frame.LONGEST_PLATE_DATA;
  }

  private void tooLong(Guest guest, Frame.Request request) {
    String reason = "at most " + Frame.LONGEST_PLATE_DATA + " bytes are said at a plate";
    refuse(guest, request, Frame.Code.TOO_LONG, reason);
  }

  private void noPlate(Guest guest, Frame.Request request) {
    refuse(guest, request, Frame.Code.UNKNOWN, "there is no such plate");
  }

  private void refuse(Guest guest, Frame.Request request, Frame.Code code, String reason) {
    sender.accept(
        guest, new Frame.Refusal(Optional.of(request.id()), code, reason, Optional.empty()));
  }

  private void later(
      Guest guest, Frame.Request request, Frame.Code code, String reason, Duration wait) {
    sender.accept(
        guest, new Frame.Refusal(Optional.of(request.id()), code, reason, Optional.of(wait)));
  }
}

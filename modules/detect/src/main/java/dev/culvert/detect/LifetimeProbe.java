package dev.culvert.detect;

import dev.culvert.detect.PortAllocation.Pattern;
import dev.culvert.detect.Shot.Reply;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.attribute.Attribute;
import dev.culvert.stun.attribute.MappedAddress;
import dev.culvert.stun.attribute.ResponsePort;
import dev.culvert.stun.attribute.XorMappedAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Leaves mappings alone for different times and looks whether they are still there (RFC 5780 §4.6):
 * all times at once, each with a socket of its own, then more between the longest that was survived
 * and the shortest that was not.
 */
final class LifetimeProbe {
  private static final List<Integer> FIRST_SECONDS =
      List.of(2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 300, 450, 600, 900, 1800, 3600);

  private static final int REFINEMENTS = 8;

  /** How a mapping's life is told. */
  private enum Method {
    /** Not known yet whether the server can send to another port. */
    UNDECIDED,
    /** An answer to somebody else's question is directed to it. */
    RETURN_PORT,
    /** It is used again; a new mapping would have another port. */
    ASK_AGAIN,
    /** There is none. */
    NONE
  }

  /** One mapping that is left alone. */
  private final class Rest {
    final Duration silence;
    final LocalSocket socket = path.bind();
    final Volley opening = new Volley(path.postbox(), socket, server.address(), Pace.CALM);
    Optional<Volley> test = Optional.empty();
    Optional<Boolean> survived = Optional.empty();

    Rest(Duration silence) {
      this.silence = silence;
    }

    Optional<TransportAddress> mapped() {
      return opening.success().flatMap(LifetimeProbe::mappedIn);
    }

    /** When the silence is over; empty until it has begun. */
    Optional<MonotonicTime> due() {
      return mapped()
          .map(address -> opening.shots().get(opening.shots().size() - 1).sentAt().plus(silence));
    }

    void advance(MonotonicTime now, MonotonicTime mark) {
      if (opening.success().isPresent()) {
        opening.cease();
      }
      opening.advance(now, true);
      boolean over = due().filter(when -> !now.isBefore(when)).isPresent();
      if (over && test.isEmpty() && method != Method.UNDECIDED) {
        test = Optional.of(newTest());
      }
      if (test.isPresent() && survived.isEmpty()) {
        test.get().advance(now, true);
        survived = method == Method.ASK_AGAIN ? sameAgain() : arrived(mark);
        survived.ifPresent(alive -> test.get().cease());
      }
    }

    private Volley newTest() {
      return method == Method.ASK_AGAIN
          ? new Volley(path.postbox(), socket, server.address(), Pace.CALM)
          : returnPortTest(this);
    }

    private Optional<Boolean> sameAgain() {
      Optional<TransportAddress> again =
          test.flatMap(Volley::success).flatMap(LifetimeProbe::mappedIn);
      return again.map(address -> mapped().equals(Optional.of(address)));
    }

    Optional<Boolean> arrived(MonotonicTime mark) {
      Volley asked = test.orElseThrow();
      if (asked.replies().stream().anyMatch(reply -> reply.socket() == socket.id())) {
        return Optional.of(true);
      }
      boolean silent = path.provesSilence(asked, mark);
      return silent ? Optional.of(false) : Optional.empty();
    }

    boolean isOver() {
      boolean failed = socket.closed().isPresent() || (!opening.goesOn() && mapped().isEmpty());
      boolean exhausted = test.filter(volley -> !volley.goesOn()).isPresent();
      return survived.isPresent() || failed || exhausted;
    }
  }

  private final PathState path;
  private final Target server;
  private final Duration longest;
  private final Optional<Pattern> ports;
  private final LocalSocket messenger;
  private final Rest control;
  private final List<Rest> rests = new ArrayList<>();
  private Method method = Method.UNDECIDED;
  private boolean refined;

  LifetimeProbe(PathState path, Target server, Duration longest, Optional<Pattern> ports) {
    this.path = path;
    this.server = server;
    this.longest = longest;
    this.ports = ports;
    this.messenger = path.bind();
    this.control = new Rest(Duration.ZERO);
    for (int seconds : FIRST_SECONDS) {
      Duration silence = Duration.ofSeconds(seconds);
      if (silence.compareTo(longest) < 0) {
        rests.add(new Rest(silence));
      }
    }
    rests.add(new Rest(longest));
  }

  private Volley returnPortTest(Rest rest) {
    Attribute port = new ResponsePort(rest.mapped().orElseThrow().port());
    return new Volley(path.postbox(), messenger, server.address(), Pace.PRESSING, port);
  }

  void advance(MonotonicTime now, MonotonicTime mark) {
    decideMethod(now, mark);
    if (method == Method.NONE) {
      return;
    }
    List<Rest> open = rests.stream().filter(rest -> !isMoot(rest)).toList();
    open.forEach(rest -> rest.advance(now, mark));
    if (!refined && shortestDead().isPresent() && open.stream().allMatch(this::isTold)) {
      refine();
    }
  }

  /** The way to the answer that works here, tried on a mapping that is certainly alive. */
  private void decideMethod(MonotonicTime now, MonotonicTime mark) {
    if (method != Method.UNDECIDED) {
      return;
    }
    control.opening.advance(now, true);
    if (control.mapped().isEmpty()) {
      method = control.opening.goesOn() ? Method.UNDECIDED : Method.NONE;
      return;
    }
    control.opening.cease();
    if (control.test.isEmpty()) {
      control.test = Optional.of(returnPortTest(control));
    }
    Volley test = control.test.get();
    test.advance(now, true);
    Optional<Boolean> works = control.arrived(mark);
    boolean refused = test.replies().stream().anyMatch(reply -> reply.error() != 0);
    boolean misled = test.replies().stream().anyMatch(reply -> reply.socket() == messenger.id());
    if (works.filter(Boolean.TRUE::equals).isPresent()) {
      method = Method.RETURN_PORT;
    } else if (refused || misled || works.isPresent() || !test.goesOn()) {
      method =
          ports.filter(pattern -> pattern != Pattern.PRESERVING).isPresent()
              ? Method.ASK_AGAIN
              : Method.NONE;
    }
    if (method != Method.UNDECIDED) {
      test.cease();
    }
  }

  /** Longer silences than one that was not survived need not be waited for. */
  private boolean isMoot(Rest rest) {
    return shortestDead().filter(dead -> rest.silence.compareTo(dead) > 0).isPresent();
  }

  private boolean isTold(Rest rest) {
    return rest.isOver();
  }

  private void refine() {
    refined = true;
    Duration alive = longestAlive().orElse(Duration.ZERO);
    Duration dead = shortestDead().orElseThrow();
    Duration step = dead.minus(alive).dividedBy(REFINEMENTS + 1);
    for (int i = 1; i <= REFINEMENTS; i++) {
      rests.add(new Rest(alive.plus(step.multipliedBy(i))));
    }
  }

  private Optional<Duration> longestAlive() {
    return rests.stream()
        .filter(rest -> rest.survived.filter(Boolean.TRUE::equals).isPresent())
        .map(rest -> rest.silence)
        .max(Duration::compareTo);
  }

  private Optional<Duration> shortestDead() {
    return rests.stream()
        .filter(rest -> rest.survived.filter(Boolean.FALSE::equals).isPresent())
        .map(rest -> rest.silence)
        .min(Duration::compareTo);
  }

  /** Whether the outcome of a test is awaited. */
  boolean isTesting() {
    return method == Method.UNDECIDED
        || rests.stream().anyMatch(rest -> rest.test.isPresent() && rest.survived.isEmpty());
  }

  boolean isSettled() {
    if (method == Method.NONE) {
      return true;
    }
    boolean told = rests.stream().filter(rest -> !isMoot(rest)).allMatch(this::isTold);
    return method != Method.UNDECIDED && told && (refined || shortestDead().isEmpty());
  }

  Optional<MonotonicTime> nextDeadline(MonotonicTime now) {
    Soonest soonest = new Soonest(now);
    List<Rest> all = new ArrayList<>(rests);
    all.add(control);
    for (Rest rest : all) {
      rest.due().ifPresent(soonest::consider);
      consider(rest.opening, soonest, now);
      rest.test.ifPresent(test -> consider(test, soonest, now));
    }
    return soonest.when();
  }

  private void consider(Volley volley, Soonest soonest, MonotonicTime now) {
    volley.next().ifPresent(soonest::consider);
    volley.nextLoss(now, path.patience()).ifPresent(soonest::consider);
  }

  /** The longest silence that was survived, as long as the answers agree with each other. */
  Finding<Duration> lifetime() {
    if (method == Method.NONE) {
      return Finding.unknown(
          "the server cannot answer to another port, and the ports do not tell new mappings apart");
    }
    Optional<Duration> alive = longestAlive();
    Optional<Duration> dead = shortestDead();
    if (alive.isEmpty()) {
      return Finding.unknown("no mapping was seen to survive any silence");
    }
    return dead.isPresent() && dead.get().compareTo(alive.get()) <= 0
        ? Finding.unknown("longer silences were survived than others that were not")
        : Finding.known(alive.get());
  }

  Finding<Boolean> outlivesTest() {
    return lifetime().map(life -> life.compareTo(longest) >= 0);
  }

  private static Optional<TransportAddress> mappedIn(Reply reply) {
    return reply
        .message()
        .first(XorMappedAddress.class)
        .map(XorMappedAddress::address)
        .or(() -> reply.message().first(MappedAddress.class).map(MappedAddress::address));
  }
}

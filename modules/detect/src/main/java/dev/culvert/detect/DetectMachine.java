package dev.culvert.detect;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Machine;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.random.RandomGenerator;

/**
 * Finds out about NATs and firewalls between this host and the Internet (RFC 5780), for every IP
 * family and local address it is told to look at, all tests at once.
 *
 * <p>It begins with the first call of {@link #advance}, tells {@link DetectEvent}s on the way, and
 * ends with {@link DetectEvent.Finished}; after that it holds no sockets and wants nothing more.
 * Confined to one thread.
 */
public final class DetectMachine implements Machine<DetectEvent> {
  /** Servers whose names take longer are left out as long as there are others. */
  private static final Duration NAMES = Duration.ofMillis(600);

  /** Long enough for a driver to read what has come. */
  private static final Duration READING = Duration.ofMillis(2);

  private static final Duration SLOW_SLACK = Duration.ofSeconds(15);

  private static final Duration STORY = Duration.ofMillis(100);

  private final DetectConfig config;
  private final Postbox postbox;
  private final ServerResolver resolver;
  private final List<PathDetector> paths = new ArrayList<>();
  private final Queue<DetectEvent> events = new ArrayDeque<>();
  private final Narrator narrator = new Narrator(events);
  private Optional<MonotonicTime> startedAt = Optional.empty();
  private MonotonicTime lastAdvance = new MonotonicTime(0);
  private MonotonicTime mark = new MonotonicTime(0);
  private MonotonicTime nextStory = new MonotonicTime(0);
  private Optional<MonotonicTime> slowSince = Optional.empty();
  private boolean pathsMade;
  private boolean finished;

  /**
   * A measurement that has not begun.
   *
   * @param config what to measure
   * @param random for transaction ids; a {@link java.security.SecureRandom} for anything that meets
   *     the Internet
   */
  public DetectMachine(DetectConfig config, RandomGenerator random) {
    this.config = config;
    this.postbox = new Postbox(random);
    this.resolver = new ServerResolver(config.servers(), postbox, random);
  }

  @Override
  public void receive(Flow from, Bytes payload, MonotonicTime now) {
    if (!finished) {
      postbox.receive(from, payload, now);
      step(now, false);
    }
  }

  @Override
  public void accept(Input input, MonotonicTime now) {
    if (!finished) {
      if (input instanceof Input.Answered answered) {
        resolver.accept(answered);
      }
      postbox.accept(input, now);
      step(now, false);
    }
  }

  @Override
  public void advance(MonotonicTime now) {
    if (finished) {
      return;
    }
    if (startedAt.isEmpty()) {
      startedAt = Optional.of(now);
      lastAdvance = now;
      mark = now;
      nextStory = now.plus(STORY);
      resolver.start();
    }
    // A driver reads its sockets between two timers: what had come by the last one is known.
    mark = lastAdvance;
    lastAdvance = now;
    postbox.advance(now);
    step(now, true);
  }

  private void step(MonotonicTime now, boolean timer) {
    if (startedAt.isEmpty()) {
      return;
    }
    Duration waited = now.since(startedAt.get());
    boolean named = resolver.isDone() || (resolver.hasAny() && waited.compareTo(NAMES) >= 0);
    if (named && !pathsMade) {
      pathsMade = true;
      makePaths(now);
    }
    paths.forEach(path -> path.advance(now, mark, timer));
    if (!now.isBefore(nextStory)) {
      nextStory = now.plus(STORY);
      paths.forEach(path -> narrator.tell(path.report(mark)));
    }
    if (slowSince.isEmpty()) {
      boolean settled = pathsMade && paths.stream().allMatch(path -> path.isSettled(mark));
      if (settled || waited.compareTo(config.deadline()) >= 0) {
        endQuickTests(now);
      }
    } else if (paths.stream().allMatch(path -> path.isSlowSettled(mark))
        || now.since(slowSince.get()).compareTo(longestSlowTests()) >= 0) {
      finish(now);
    }
  }

  private void endQuickTests(MonotonicTime now) {
    if (!config.full()) {
      finish(now);
      return;
    }
    slowSince = Optional.of(now);
    paths.forEach(path -> path.beginSlowTests(mark));
    events.add(
        new DetectEvent.Progress(
            "the quick tests are done; leaving mappings alone for up to "
                + config.longestSilence().toSeconds()
                + " s to see how long they live"));
    paths.forEach(path -> path.advance(now, mark, false));
  }

  /** The first round and a second one in between, and time to ask. */
  private Duration longestSlowTests() {
    return config.longestSilence().multipliedBy(2).plus(SLOW_SLACK);
  }

  private void makePaths(MonotonicTime now) {
    for (IpFamily family : IpFamily.values()) {
      if (!config.families().contains(family)) {
        continue;
      }
      if (config.interfaces().isEmpty()) {
        addPath(family, Optional.empty(), now);
      }
      config.interfaces().stream()
          .filter(from -> IpFamily.of(from.ip()) == family)
          .forEach(from -> addPath(family, Optional.of(from), now));
    }
  }

  /** A family in which no server has an address is passed over, unless nothing else was asked. */
  private void addPath(IpFamily family, Optional<LocalInterface> from, MonotonicTime now) {
    List<Target> targets = resolver.targets(family);
    if (!targets.isEmpty() || config.families().size() == 1) {
      paths.add(new PathDetector(postbox, family, from, targets, config, now));
    }
  }

  private void finish(MonotonicTime now) {
    finished = true;
    NatReport report = report(now);
    report.paths().forEach(narrator::tell);
    postbox.closeAll();
    events.add(new DetectEvent.Finished(report));
  }

  /** What is known by now; fields that are still being measured are unknown or not measured. */
  public NatReport report(MonotonicTime now) {
    List<PathReport> reports = new ArrayList<>();
    List<ServerReport> servers = new ArrayList<>(resolver.unresolved());
    for (PathDetector path : paths) {
      reports.add(path.report(mark));
      servers.addAll(path.servers(mark));
    }
    Duration elapsed = startedAt.map(now::since).orElse(Duration.ZERO);
    return new NatReport(udp(reports), reports, servers, elapsed);
  }

  private Finding<UdpReach> udp(List<PathReport> reports) {
    return reports.stream()
        .map(PathReport::udp)
        .min(Comparator.comparingInt(DetectMachine::weight))
        .orElseGet(
            () ->
                Finding.unknown(
                    resolver.hasAny()
                        ? "no server has an address of a family that was asked for"
                        : "no server's name could be looked up"));
  }

  private static int weight(Finding<UdpReach> udp) {
    if (udp.is(UdpReach.OPEN)) {
      return 0;
    }
    return udp.is(UdpReach.BLOCKED) ? 1 : 2;
  }

  @Override
  public Optional<MonotonicTime> nextDeadline() {
    if (finished || startedAt.isEmpty()) {
      return Optional.empty();
    }
    MonotonicTime start = startedAt.get();
    Soonest soonest = new Soonest(mark);
    soonest.consider(
        slowSince
            .map(since -> since.plus(longestSlowTests()))
            .orElse(start.plus(config.deadline())));
    if (!pathsMade) {
      soonest.consider(start.plus(NAMES));
    }
    paths.forEach(path -> path.nextDeadline(mark).ifPresent(soonest::consider));
    // What falls due between the mark and now waits until the sockets have been read once more.
    MonotonicTime again = lastAdvance.plus(READING);
    return soonest.when().map(when -> when.isBefore(again) ? again : when);
  }

  @Override
  public Optional<Output> pollOutput() {
    return postbox.pollOutput();
  }

  @Override
  public Optional<DetectEvent> pollEvent() {
    return Optional.ofNullable(events.poll());
  }
}

package dev.culvert.cli.lab.verb;

import dev.culvert.cli.ExitCode;
import dev.culvert.lab.world.LabWorld;
import dev.culvert.lab.world.VerbRun;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Two peers that connect until they are stopped, or until it is known what becomes of them where
 * that is all that is wanted.
 */
final class ConnectRun implements VerbRun {
  /** Whoever has just come to the first node is found there a moment later. */
  private static final Duration REST = Duration.ofMillis(500);

  /**
   * So many records after the path is what it stays; those on their way over another come first.
   */
  private static final long ENOUGH = 10;

  private final LabWorld world;
  private final ConnectSide caller;
  private final ConnectSide callee;
  private final Optional<Duration> once;
  private Optional<Duration> attached = Optional.empty();
  private Optional<Duration> called = Optional.empty();
  private Optional<List<Long>> heardAtEnd = Optional.empty();
  private boolean stopped;
  private Map<String, String> last = Map.of();

  /**
   * A run that has begun.
   *
   * @param once whether it ends as soon as the path is direct, and how long it may take to be;
   *     empty: it goes on
   */
  ConnectRun(LabWorld world, ConnectSide caller, ConnectSide callee, Optional<Duration> once) {
    this.world = world;
    this.caller = caller;
    this.callee = callee;
    this.once = once;
  }

  /** Does what is to be done by whoever looks at both sides. */
  private synchronized void step() {
    if (stopped) {
      return;
    }
    caller.follow(world);
    callee.follow(world);
    Duration now = world.elapsed();
    if (attached.isEmpty() && caller.attached() > 0 && callee.attached() > 0) {
      attached = Optional.of(now);
    }
    if (called.isEmpty() && attached.filter(at -> isOver(at, REST, now)).isPresent()) {
      called = Optional.of(now);
      caller.call(callee.id());
    }
  }

  private static boolean isOver(Duration since, Duration time, Duration now) {
    return now.minus(since).compareTo(time) >= 0;
  }

  private static boolean is(ConnectSide side, String field, String value) {
    return value.equals(side.fields().get(field));
  }

  private boolean flows() {
    return is(caller, "flows", "true") && is(callee, "flows", "true");
  }

  private boolean isDirect() {
    return is(caller, "path", "direct") && is(callee, "path", "direct");
  }

  /** Whether it is known what becomes of them. */
  private boolean isSettled() {
    Duration now = world.elapsed();
    if (called.filter(at -> isOver(at, once.orElse(Duration.ZERO), now)).isPresent()) {
      return true;
    }
    boolean hopeless = is(caller, "hopeless", "true") && is(callee, "hopeless", "true");
    if (!isDirect() && !hopeless) {
      heardAtEnd = Optional.empty();
      return false;
    }
    List<Long> heard = List.of(heard(caller), heard(callee));
    List<Long> before = heardAtEnd.orElse(heard);
    heardAtEnd = Optional.of(before);
    return heard.get(0) - before.get(0) >= ENOUGH && heard.get(1) - before.get(1) >= ENOUGH;
  }

  private static long heard(ConnectSide side) {
    return Long.parseLong(side.fields().getOrDefault("heard", "0"));
  }

  /** Data flows both ways. */
  @Override
  public boolean isReady() {
    step();
    return flows();
  }

  @Override
  public synchronized boolean isDone() {
    step();
    boolean failed = caller.failure().isPresent() || callee.failure().isPresent();
    if (!stopped && (failed || (once.isPresent() && isSettled()))) {
      stop();
    }
    return stopped;
  }

  @Override
  public synchronized void stop() {
    if (!stopped) {
      last = both();
      stopped = true;
      caller.stop();
      callee.stop();
    }
  }

  @Override
  public int exitCode() {
    return (outcome(last).equals("unreachable") ? ExitCode.UNREACHABLE : ExitCode.OK).number();
  }

  private static String outcome(Map<String, String> fields) {
    boolean flows = "true".equals(fields.get("flows")) && "true".equals(fields.get("peer.flows"));
    if (!flows) {
      return "unreachable";
    }
    return "direct".equals(fields.get("path")) && "direct".equals(fields.get("peer.path"))
        ? "direct"
        : "relayed";
  }

  private Map<String, String> both() {
    Map<String, String> all = new TreeMap<>();
    all.putAll(caller.fields());
    callee.fields().forEach((name, value) -> all.put("peer." + name, value));
    String outcome = outcome(all);
    all.put("outcome", outcome);
    if (!outcome.equals("direct")) {
      all.put(
          "why",
          List.of("failure", "peer.failure", "reason", "peer.reason").stream()
              .map(name -> all.getOrDefault(name, ""))
              .filter(text -> !text.isEmpty())
              .findFirst()
              .orElse(""));
    }
    // Until the path is direct, or as long as it took to be known that it is not.
    Optional.ofNullable(all.get("directMillis"))
        .or(() -> Optional.ofNullable(all.get("firstByteMillis")))
        .ifPresent(time -> all.put("elapsedMillis", time));
    return all;
  }

  @Override
  public synchronized Map<String, String> fields() {
    step();
    return Map.copyOf(stopped ? last : both());
  }

  /** One line for people. */
  @Override
  public String output() {
    Map<String, String> fields = fields();
    Optional<String> failure = caller.failure().or(callee::failure);
    String outcome = fields.getOrDefault("outcome", "unreachable");
    String first = "first byte after " + fields.getOrDefault("firstByteMillis", "?") + " ms";
    String why = fields.getOrDefault("why", "");
    String rest =
        switch (outcome) {
          case "direct" ->
              " after "
                  + fields.getOrDefault("directMillis", "?")
                  + " ms by "
                  + fields.getOrDefault("plan", "?")
                  + ", "
                  + first;
          case "relayed" -> ", " + first + (why.isEmpty() ? "" : ": " + why);
          default -> why.isEmpty() ? "" : ": " + why;
        };
    return outcome + rest + failure.map(words -> "\n" + words).orElse("");
  }
}

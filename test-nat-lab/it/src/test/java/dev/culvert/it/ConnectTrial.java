package dev.culvert.it;

import dev.culvert.lab.matrix.ConnectTheory;
import dev.culvert.lab.matrix.Theory;
import dev.culvert.lab.spec.Profile;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * What came of two peers that were to connect.
 *
 * @param profiles what the calling and the called side are behind
 * @param outcome direct, relayed or unreachable
 * @param caller how it stood for the calling side at the end
 * @param callee the same for the called one
 */
record ConnectTrial(
    List<Profile> profiles,
    String outcome,
    Map<String, String> caller,
    Map<String, String> callee) {
  /** For a path that is relayed first and direct later. */
  private static final Duration LIMIT = Duration.ofSeconds(90);

  private static final long GLANCE_NANOS = 50_000_000;

  /** Records that each has to hear over the path that stays. */
  private static final long ENOUGH = 20;

  ConnectTrial {
    profiles = List.copyOf(profiles);
  }

  /** Lets two connect, talk, and part. */
  static ConnectTrial of(List<Profile> profiles, ConnectPeer caller, ConnectPeer callee)
      throws Exception {
    caller.call(callee);
    String wanted = expected(profiles).outcome();
    long deadline = System.nanoTime() + LIMIT.toNanos();
    Optional<List<Long>> before = Optional.empty();
    boolean enough = false;
    while (!enough && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(GLANCE_NANOS);
      Map<String, String> here = caller.with(callee);
      Map<String, String> there = callee.with(caller);
      boolean reasoned = is(here, "reason") || is(there, "reason");
      if (outcome(here, there).equals(wanted) && (wanted.equals("direct") || reasoned)) {
        List<Long> heard = List.of(heard(here), heard(there));
        List<Long> first = before.orElse(heard);
        before = Optional.of(first);
        enough = heard.get(0) - first.get(0) >= ENOUGH && heard.get(1) - first.get(1) >= ENOUGH;
      } else {
        before = Optional.empty();
      }
    }
    Map<String, String> here = caller.with(callee);
    Map<String, String> there = callee.with(caller);
    caller.hangUp(callee);
    callee.hangUp(caller);
    return new ConnectTrial(profiles, outcome(here, there), here, there);
  }

  static Theory.Expected expected(List<Profile> profiles) {
    return new ConnectTheory().of(profiles).orElseThrow(() -> new AssertionError(name(profiles)));
  }

  private static boolean is(Map<String, String> fields, String field) {
    return !fields.getOrDefault(field, "").isEmpty();
  }

  private static long heard(Map<String, String> fields) {
    return Long.parseLong(fields.getOrDefault("heard", "0"));
  }

  private static String outcome(Map<String, String> here, Map<String, String> there) {
    List<Map<String, String>> both = List.of(here, there);
    if (!both.stream().allMatch(each -> "true".equals(each.get("flows")))) {
      return "unreachable";
    }
    return both.stream().allMatch(each -> "direct".equals(each.get("path"))) ? "direct" : "relayed";
  }

  /** As theory says, and not a record lost, doubled or damaged. */
  boolean isRight() {
    return outcome.equals(expected(profiles).outcome()) && isWhole(caller) && isWhole(callee);
  }

  private static boolean isWhole(Map<String, String> fields) {
    return List.of("lost", "doubled", "damaged").stream()
        .allMatch(field -> "0".equals(fields.get(field)));
  }

  /** Why it is not direct, as the peers say; empty if they do not. */
  String reason() {
    String here = caller.getOrDefault("reason", "");
    return here.isEmpty() ? callee.getOrDefault("reason", "") : here;
  }

  /** The plan that opened the path. */
  String plan() {
    return caller.getOrDefault("plan", "none");
  }

  /** Milliseconds, for people. */
  long millis(String field) {
    return Long.parseLong(caller.getOrDefault(field, "-1"));
  }

  static String name(List<Profile> profiles) {
    return profiles.get(0).name() + " " + profiles.get(1).name();
  }

  @Override
  public String toString() {
    return name(profiles)
        + ": "
        + outcome
        + ", not "
        + expected(profiles).outcome()
        + "\n  "
        + caller
        + "\n  "
        + callee;
  }
}

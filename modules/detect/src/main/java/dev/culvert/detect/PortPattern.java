package dev.culvert.detect;

import dev.culvert.detect.PortAllocation.Pattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Decides how external ports are chosen from those that fresh sockets got (RFC 4787 §4.2). */
final class PortPattern {
  /** Ports that lie closer than this may follow one another. */
  private static final int CLOSE = 256;

  /** A rule that this many neighbours in a row obey is no accident. */
  private static final int ENOUGH = 3;

  /**
   * A fresh socket's ports.
   *
   * @param order its place in the order of asking; neighbours asked right after each other
   * @param local the port on this host
   * @param external the port as the server saw it
   * @param prompt whether the first request was answered, so that its place in the order is sure
   */
  record Sample(int order, int local, int external, boolean prompt) {}

  private PortPattern() {}

  /** What follows from these samples, of which those of one batch are neighbours in order. */
  static Finding<PortAllocation> judge(List<Sample> samples) {
    if (samples.size() < ENOUGH) {
      return Finding.unknown("too few answers came for fresh ports");
    }
    long kept = samples.stream().filter(one -> one.local() == one.external()).count();
    if (kept >= 2) {
      return kept * 2 > samples.size()
          ? Finding.known(new PortAllocation(Pattern.PRESERVING, 0))
          : Finding.unknown("some ports are preserved and some are not");
    }
    List<Sample> sure = samples.stream().filter(Sample::prompt).toList();
    List<Integer> neighbours = new ArrayList<>();
    List<Integer> jumps = new ArrayList<>();
    for (int i = 1; i < sure.size(); i++) {
      int jump = sure.get(i).external() - sure.get(i - 1).external();
      jumps.add(jump);
      if (sure.get(i).order() == sure.get(i - 1).order() + 1) {
        neighbours.add(jump);
      }
    }
    return sequence(samples, neighbours, jumps);
  }

  private static Finding<PortAllocation> sequence(
      List<Sample> samples, List<Integer> neighbours, List<Integer> jumps) {
    Map<Integer, Long> counts =
        neighbours.stream()
            .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    int step =
        counts.entrySet().stream()
            .max(Map.Entry.<Integer, Long>comparingByValue())
            .map(Map.Entry::getKey)
            .orElse(0);
    long regular = counts.getOrDefault(step, 0L);
    // Larger steps let others' mappings in between.
    int rule = step;
    List<Integer> misfits = jumps.stream().filter(jump -> !fits(jump, rule)).toList();
    boolean obeyed = misfits.isEmpty() ? areCongruent(samples, step) : isWrap(misfits, jumps);
    if (step != 0 && regular >= ENOUGH && regular * 2 > neighbours.size() && obeyed) {
      return Finding.known(new PortAllocation(Pattern.SEQUENTIAL, step));
    }
    return isScattered(jumps) && !areTwoClusters(samples)
        ? Finding.known(new PortAllocation(Pattern.RANDOM, 0))
        : Finding.unknown("the ports are close to each other but follow no simple rule");
  }

  private static boolean fits(int jump, int step) {
    return step != 0 && jump % step == 0 && jump / step >= 1 && jump / step <= CLOSE;
  }

  /** Whether those whose place in the order is not sure have ports that the rule could give. */
  private static boolean areCongruent(List<Sample> samples, int step) {
    int first = samples.get(0).external();
    return step != 0 && samples.stream().allMatch(one -> (one.external() - first) % step == 0);
  }

  /** Whether one jump leads from one end of the range to the other. */
  private static boolean isWrap(List<Integer> misfits, List<Integer> jumps) {
    int way = jumps.stream().mapToInt(Math::abs).sum();
    return misfits.size() == 1 && 2 * Math.abs(misfits.get(0)) > way;
  }

  /** Whether all are near the two ends of a range, as an order that was mixed up there is. */
  private static boolean areTwoClusters(List<Sample> samples) {
    int[] ports = samples.stream().mapToInt(Sample::external).sorted().toArray();
    int wide = 0;
    for (int i = 1; i < ports.length; i++) {
      wide += ports[i] - ports[i - 1] > CLOSE ? 1 : 0;
    }
    return wide <= 1;
  }

  /**
   * Whether nothing like an order is left: far apart, in both directions, without a common step.
   */
  private static boolean isScattered(List<Integer> jumps) {
    long far = jumps.stream().filter(jump -> Math.abs(jump) > CLOSE).count();
    boolean up = jumps.stream().anyMatch(jump -> jump > CLOSE);
    boolean down = jumps.stream().anyMatch(jump -> jump < -CLOSE);
    int common = 0;
    for (int jump : jumps) {
      common = gcd(common, Math.abs(jump));
    }
    return jumps.size() >= ENOUGH && far * 3 >= jumps.size() * 2L && up && down && common < 8;
  }

  private static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }
}

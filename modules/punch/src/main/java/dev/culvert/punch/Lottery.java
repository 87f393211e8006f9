package dev.culvert.punch;

import java.time.Duration;
import java.util.BitSet;
import java.util.random.RandomGenerator;

/** Random ports of a range, none twice before all were drawn. */
final class Lottery implements PortHunt {
  private final int low;
  private final int size;
  private final RandomGenerator random;
  private final BitSet drawn = new BitSet();

  Lottery(PortRule ports, RandomGenerator random) {
    int least = Math.max(PortRule.LOWEST, ports.low());
    this.low = Math.min(least, ports.high());
    this.size = ports.high() - low + 1;
    this.random = random;
  }

  @Override
  public int next(Duration since) {
    if (drawn.cardinality() == size) {
      drawn.clear();
    }
    int start = random.nextInt(size);
    int free = drawn.nextClearBit(start);
    int chosen = free < size ? free : drawn.nextClearBit(0);
    drawn.set(chosen);
    return low + chosen;
  }
}

package dev.culvert.punch;

import java.time.Duration;
import java.util.BitSet;
import java.util.random.RandomGenerator;

/**
 * Random ports of a range, none twice before all were drawn; the likelier ones first.
 *
 * <p>Linux adds 16 random bits, modulo the size of its range, to the lowest port (nf_nat_core.c).
 * With all ports from 1024 on, the first 1,024 come twice as often as the others. To a NAT that
 * draws evenly any order is as good as another.
 */
final class Lottery implements PortHunt {
  private static final int FAVOURED = 0x10000 - (PortRule.HIGHEST - PortRule.LOWEST + 1);

  /** Of so many draws all but one are for those. */
  private static final int SHARES = 4;

  /** A range that begins as low by chance is not that long. */
  private static final int WIDE = 1 << 15;

  private final int low;
  private final int size;
  private final RandomGenerator random;
  private final BitSet drawn = new BitSet();
  private int favoured;

  Lottery(PortRule ports, RandomGenerator random) {
    int least = Math.max(PortRule.LOWEST, ports.low());
    this.low = Math.min(least, ports.high());
    this.size = ports.high() - low + 1;
    this.random = random;
    this.favoured = low == PortRule.LOWEST && size >= WIDE ? FAVOURED : 0;
  }

  @Override
  public int next(Duration since) {
    if (drawn.cardinality() == size) {
      drawn.clear();
    }
    if (favoured > 0 && random.nextInt(SHARES) > 0) {
      favoured--;
      return draw(FAVOURED);
    }
    return draw(size);
  }

  private int draw(int among) {
    int free = drawn.nextClearBit(random.nextInt(among));
    int chosen = free < among ? free : drawn.nextClearBit(0);
    drawn.set(chosen);
    return low + chosen;
  }
}

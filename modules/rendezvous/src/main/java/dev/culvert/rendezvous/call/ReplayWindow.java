package dev.culvert.rendezvous.call;

import java.util.BitSet;

/** Which numbers were there, of the last 1024. */
final class ReplayWindow {
  private static final int SIZE = 1024;

  private final BitSet seen = new BitSet(SIZE);
  private long highest = -1;

  boolean isNewest(long number) {
    return number > highest;
  }

  /** Whether the number was not there before; from now on it was. */
  boolean take(long number) {
    if (number < 0 || number <= highest - SIZE) {
      return false;
    }
    if (number > highest) {
      if (number - SIZE >= highest) {
        seen.clear();
      } else {
        for (long each = highest + 1; each <= number; each++) {
          seen.clear((int) (each % SIZE));
        }
      }
      highest = number;
    } else if (seen.get((int) (number % SIZE))) {
      return false;
    }
    seen.set((int) (number % SIZE));
    return true;
  }
}

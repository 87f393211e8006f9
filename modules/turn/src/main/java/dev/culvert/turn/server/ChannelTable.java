package dev.culvert.turn.server;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** An allocation's channels by number; looking one up makes no object. */
final class ChannelTable {
  private static final int[] NO_NUMBERS = {};
  private static final ChannelBinding[] NO_BINDINGS = {};

  private int[] numbers = NO_NUMBERS;
  private ChannelBinding[] bindings = NO_BINDINGS;

  /** The one that was asked for last, which is mostly asked for again. */
  private @Nullable ChannelBinding last;

  @Nullable ChannelBinding get(int number) {
    ChannelBinding known = last;
    if (known != null && known.number == number) {
      return known;
    }
    int index = Arrays.binarySearch(numbers, number);
    last = index < 0 ? null : bindings[index];
    return last;
  }

  void add(ChannelBinding binding) {
    int at = -1 - Arrays.binarySearch(numbers, binding.number);
    int size = numbers.length;
    int[] moreNumbers = Arrays.copyOf(numbers, size + 1);
    ChannelBinding[] more = Arrays.copyOf(bindings, size + 1);
    System.arraycopy(numbers, at, moreNumbers, at + 1, size - at);
    System.arraycopy(bindings, at, more, at + 1, size - at);
    moreNumbers[at] = binding.number;
    more[at] = binding;
    numbers = moreNumbers;
    bindings = more;
  }

  /** Takes out what is due, and what {@code relayed} had if it is not null. */
  void expire(long now, @Nullable Relayed relayed) {
    last = null;
    int kept = 0;
    for (int i = 0; i < numbers.length; i++) {
      ChannelBinding binding = bindings[i];
      if (binding.isExpired(now) || binding.relayed == relayed) {
        binding.permission.remove(binding);
      } else {
        numbers[kept] = numbers[i];
        bindings[kept++] = binding;
      }
    }
    if (kept < numbers.length) {
      numbers = Arrays.copyOf(numbers, kept);
      bindings = Arrays.copyOf(bindings, kept);
    }
  }

  int size() {
    return numbers.length;
  }

  /** When the next one is due; {@code otherwise} if none is sooner. */
  long nextExpiry(long otherwise) {
    long next = otherwise;
    for (ChannelBinding binding : bindings) {
      next = binding.expiresAt() - next < 0 ? binding.expiresAt() : next;
    }
    return next;
  }
}

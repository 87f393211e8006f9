package dev.culvert.natsim;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;

/** Chooses external ports by a {@link PortRule}. */
final class PortAllocator {
  private final PortRule rule;
  private final RandomGenerator random;
  private final Map<InetAddress, Block> blocks = new HashMap<>();
  private final Block whole;

  PortAllocator(PortRule rule, RandomGenerator random) {
    this.rule = rule;
    this.random = random;
    this.whole = new Block(rule.low(), rule.high());
  }

  /** A free port for {@code internal}:{@code port}; empty if there is none left. */
  OptionalInt allocate(InetAddress internal, int port, IntPredicate isFree) {
    if (rule.order() == PortRule.Order.PRESERVING && isFree.test(port)) {
      return OptionalInt.of(port);
    }
    if (rule.block() == 0) {
      return whole.next(port, isFree);
    }
    Block block = blocks.computeIfAbsent(internal, ip -> newBlock());
    OptionalInt chosen = block.next(port, isFree);
    if (chosen.isEmpty()) {
      blocks.put(internal, newBlock());
      chosen = blocks.getOrDefault(internal, whole).next(port, isFree);
    }
    return chosen;
  }

  private Block newBlock() {
    int count = Math.max(1, (rule.high() - rule.low() + 1) / rule.block());
    int low = rule.low() + random.nextInt(count) * rule.block();
    return new Block(low, Math.min(low + rule.block() - 1, rule.high()));
  }

  /** A range of ports and how far one has come in it. */
  private final class Block {
    private final int low;
    private final int size;
    private int offset;

    Block(int low, int high) {
      this.low = low;
      this.size = high - low + 1;
      this.offset = random.nextInt(size);
    }

    OptionalInt next(int internalPort, IntPredicate isFree) {
      boolean sequential = rule.order() == PortRule.Order.SEQUENTIAL;
      int start = sequential ? offset + rule.step() : random.nextInt(size);
      int stride = sequential ? rule.step() : 1;
      for (int tried = 0; tried < size; tried++) {
        int candidate = Math.floorMod(start + tried * stride, size);
        boolean parityFits = !rule.keepsParity() || ((low + candidate - internalPort) & 1) == 0;
        if (parityFits && isFree.test(low + candidate)) {
          offset = candidate;
          return OptionalInt.of(low + candidate);
        }
      }
      return OptionalInt.empty();
    }
  }
}

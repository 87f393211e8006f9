package dev.culvert.natsim;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;

/** Chooses external ports by a {@link PortRule}. */
final class PortAllocator {
  private final PortRule rule;
  private final RandomGenerator random;
  private final Map<InetAddress, List<Block>> blocks = new HashMap<>();
  private final Set<Integer> given = new HashSet<>();
  private final Block whole;

  PortAllocator(PortRule rule, RandomGenerator random) {
    this.rule = rule;
    this.random = random;
    this.whole = new Block(rule.low(), rule.high());
  }

  /** A free port for {@code internal}:{@code port}; empty if there is none left. */
  OptionalInt allocate(InetAddress internal, int port, IntPredicate isFree) {
    if (rule.block() == 0) {
      return whole.choose(port, isFree);
    }
    List<Block> own = blocks.computeIfAbsent(internal, ip -> new ArrayList<>());
    for (Block block : own) {
      OptionalInt chosen = block.choose(port, isFree);
      if (chosen.isPresent()) {
        return chosen;
      }
    }
    Optional<Block> fresh = newBlock();
    fresh.ifPresent(own::add);
    return fresh.map(block -> block.choose(port, isFree)).orElse(OptionalInt.empty());
  }

  /** A block that no other host has, since a carrier must know whose a port was (RFC 6888). */
  private Optional<Block> newBlock() {
    int count = Math.max(1, (rule.high() - rule.low() + 1) / rule.block());
    int start = random.nextInt(count);
    for (int tried = 0; tried < count; tried++) {
      int number = (start + tried) % count;
      if (given.add(number)) {
        int low = rule.low() + number * rule.block();
        return Optional.of(new Block(low, Math.min(low + rule.block() - 1, rule.high())));
      }
    }
    return Optional.empty();
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

    OptionalInt choose(int port, IntPredicate isFree) {
      boolean keeps = rule.order() == PortRule.Order.PRESERVING;
      boolean fits = port >= low && port < low + size;
      return keeps && fits && isFree.test(port) ? OptionalInt.of(port) : next(port, isFree);
    }

    private OptionalInt next(int internalPort, IntPredicate isFree) {
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

package dev.culvert.session.meet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.session.LocalAddress;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PunchTryTest {
  private static final MonotonicTime NOW = new MonotonicTime(5_000_000_000L);
  private static final InetAddress HERE = IpLiterals.parse("192.0.2.1").orElseThrow();

  private final PunchTry look =
      new PunchTry(
          1000,
          new LocalAddress("eth0", HERE),
          new TransportAddress(IpLiterals.parse("192.0.2.9").orElseThrow(), 3478),
          new Random(1));
  private final Set<Long> open = new HashSet<>();

  private int take() {
    int count = 0;
    for (Optional<Output> next = look.pollOutput(); next.isPresent(); next = look.pollOutput()) {
      count++;
      if (next.get() instanceof Output.Bind bind) {
        open.add(bind.id());
      } else if (next.get() instanceof Output.Close close) {
        open.remove(close.id());
      }
    }
    return count;
  }

  @Test
  void givenUpWithinTheStepThatBeganItLeavesNoSocket() {
    look.close(NOW);
    take();
    assertEquals(Set.of(), open);
  }

  @Test
  void givenUpBeforeItsSocketsStandItLeavesNone() {
    take();
    assertFalse(open.isEmpty());
    look.close(NOW);
    take();
    assertEquals(Set.of(), open);
  }

  /** A socket that the system takes away before the others stand is not waited for. */
  @Test
  void theOthersAreAskedWhereOneIsGone() {
    take();
    look.accept(new Input.Bound(1000, new TransportAddress(HERE, 40_000), true), NOW);
    look.accept(new Input.Closed(1000, CloseCause.OTHER, "it is gone"), NOW);
    for (long id = 1001; id < 1004; id++) {
      look.accept(new Input.Bound(id, new TransportAddress(HERE, (int) (id + 39_000)), true), NOW);
    }
    assertEquals(3, take());
  }
}

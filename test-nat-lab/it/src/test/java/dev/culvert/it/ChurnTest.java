package dev.culvert.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.lab.Lab;
import dev.culvert.lab.LabProcess;
import dev.culvert.lab.spec.LabSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A relay to which clients come and go by the thousand keeps nothing of them: as many live objects,
 * as much memory and as many descriptors as before. {@code -Dculvert.churn=60} makes it a minute.
 */
class ChurnTest {
  private static final int SECONDS = Integer.getInteger("culvert.churn", 4);

  /** Until what is made once is made. */
  private static final int WARM_UP = 4;

  /** Clients that would show if each left something; a busy machine needs longer for them. */
  private static final long ENOUGH = 80;

  private static final int MOST_ROUNDS = 30;

  private static final Duration LIMIT = Duration.ofSeconds(SECONDS + 90L);

  @Test
  @Timeout(600)
  void leavesMemoryFlat() throws Exception {
    try (Lab lab = Lab.up(LabSpec.builder().server("relay", 1).home("a", "open").build());
        RelayUnderTest relay = RelayUnderTest.on(lab.host("relay"));
        LabProcess clients = lab.host("a").start(ChildJvm.java(Churn.class, relay.ipv4()))) {
      cycles(clients, WARM_UP, 1);
      long live = relay.liveBytes();
      long resident = relay.residentKilobytes();
      long descriptors = relay.descriptors();
      long cycles = 0;
      for (int round = 0; cycles < ENOUGH && round < MOST_ROUNDS; round++) {
        cycles += cycles(clients, SECONDS, 2 + round);
      }
      long liveGrowth = relay.liveBytes() - live;
      long residentGrowth = relay.residentKilobytes() - resident;
      long descriptorGrowth = relay.descriptors() - descriptors;
      String told =
          cycles
              + " clients left "
              + liveGrowth
              + " bytes of objects, "
              + residentGrowth
              + " KB and "
              + descriptorGrowth
              + " descriptors";
      System.out.println(told);
      assertTrue(cycles >= ENOUGH, told);
      // A few thousand of those who gave back are remembered for 40 s, lest a request that comes
      // again be refused. Nothing else may be left of them, however many they were.
      assertTrue(liveGrowth < 2_500_000, told);
      assertTrue(residentGrowth < 48 << 10, told);
      assertTrue(descriptorGrowth <= 4, told);
    }
  }

  /** Goes on for some seconds and returns how many clients came and went. */
  private static long cycles(LabProcess clients, int seconds, int answer) throws Exception {
    say(clients, seconds);
    String all =
        clients.await(output -> output.split("cycles [0-9]+\n", -1).length > answer, LIMIT);
    return Long.parseLong(all.strip().replaceFirst("(?s).*cycles ", ""));
  }

  private static void say(LabProcess clients, int seconds) throws IOException {
    clients.input().write((seconds + "\n").getBytes(StandardCharsets.UTF_8));
    clients.input().flush();
  }
}

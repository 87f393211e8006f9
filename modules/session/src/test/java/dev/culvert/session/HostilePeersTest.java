package dev.culvert.session;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link SessionFuzzTest} looks for, on ways that are the same each time. */
class HostilePeersTest {
  private static final int STEPS = 1_500;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void nothingThatTheyDoBreaksTheSession(int seed) {
    Random random = new Random(seed);
    HostilePeers peers = new HostilePeers(random::nextInt);
    for (int i = 0; i < STEPS; i++) {
      peers.step();
    }
    peers.end();
  }
}

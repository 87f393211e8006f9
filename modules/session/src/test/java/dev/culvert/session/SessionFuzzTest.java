package dev.culvert.session;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Random;

/** Looks for what two hostile peers could do to a session (coverage-guided). */
class SessionFuzzTest {
  private static final int MOST_STEPS = 300;

  /** Each byte is a choice of the attackers; what comes after the last is chosen by chance. */
  @FuzzTest(maxDuration = "25s")
  void survives(byte[] data) {
    Random rest = new Random(data.length);
    int[] at = new int[1];
    HostilePeers peers =
        new HostilePeers(
            bound ->
                at[0] + 1 < data.length
                    ? Math.floorMod((data[at[0]++] & 0xff) << 8 | (data[at[0]++] & 0xff), bound)
                    : rest.nextInt(bound));
    for (int i = 0; i < MOST_STEPS && at[0] + 1 < data.length; i++) {
      peers.step();
    }
    peers.end();
  }
}

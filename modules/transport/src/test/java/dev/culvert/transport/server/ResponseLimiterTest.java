package dev.culvert.transport.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import java.net.InetAddress;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ResponseLimiterTest {
  private static final long SECOND = 1_000_000_000L;
  private static final RateLimit TEN = new RateLimit(10, 20, 24, 56);

  @Test
  void letsABurstThroughAndThenTheRate() {
    ResponseLimiter limiter = limiter(TEN);
    InetAddress source = ipv4(198, 51, 100, 7);
    assertEquals(20, admitted(limiter, source, 100, 5));
    assertEquals(0, admitted(limiter, source, 100, 5));
    assertEquals(1, admitted(limiter, source, 100, 5 + SECOND / 10));
    assertEquals(10, admitted(limiter, source, 100, 5 + SECOND / 10 + SECOND));
    assertEquals(20, admitted(limiter, source, 100, 100 * SECOND));
  }

  @Test
  void neverLetsThroughMoreThanBurstAndRateInAnyWindow() {
    ResponseLimiter limiter = limiter(TEN);
    Random random = new Random(7);
    InetAddress source = ipv4(198, 51, 100, 7);
    long now = 0;
    long admitted = 0;
    for (int i = 0; i < 100_000; i++) {
      now += random.nextLong(SECOND / 20);
      if (limiter.admit(source, 60, now)) {
        admitted++;
      }
      assertTrue(admitted <= 20 + now * 10 / SECOND, "step " + i);
    }
    assertTrue(admitted >= now * 10 / SECOND, "the rate is used up");
  }

  @Test
  void countsAnIpv4NetworkAsOneSource() {
    ResponseLimiter limiter = limiter(TEN);
    assertEquals(20, admitted(limiter, ipv4(198, 51, 100, 1), 100, 0));
    assertFalse(limiter.admit(ipv4(198, 51, 100, 254), 60, 0));
    assertTrue(limiter.admit(ipv4(198, 51, 101, 1), 60, 0));
  }

  @Test
  void countsAnIpv6NetworkAsOneSource() {
    ResponseLimiter limiter = limiter(TEN);
    assertEquals(20, admitted(limiter, bytes("20010db8000001000000000000000001"), 100, 0));
    assertFalse(limiter.admit(bytes("20010db8000001ff1234567812345678"), 60, 0));
    assertTrue(limiter.admit(bytes("20010db8000002000000000000000001"), 60, 0));
  }

  @Test
  void neverLimitsLoopback() {
    ResponseLimiter limiter = limiter(TEN);
    assertEquals(5000, admitted(limiter, ipv4(127, 0, 0, 1), 5000, 0));
    assertEquals(5000, admitted(limiter, bytes("00000000000000000000000000000001"), 5000, 0));
    assertEquals(20, admitted(limiter, bytes("00000000000000000000000000000002"), 100, 0));
  }

  @Test
  void countsALongResponseAsSeveral() {
    ResponseLimiter limiter = limiter(TEN);
    InetAddress source = ipv4(198, 51, 100, 7);
    int admitted = 0;
    while (limiter.admit(source, 1500, 0)) {
      admitted++;
    }
    assertEquals(20 / 3, admitted);
  }

  @Test
  void noLimitIsNoLimit() {
    ResponseLimiter limiter = limiter(RateLimit.NONE);
    assertEquals(100_000, admitted(limiter, ipv4(198, 51, 100, 7), 100_000, 0));
    assertEquals(0, limiter.memoryBytes());
  }

  @Test
  void aFloodOfForgedSourcesNeitherGrowsItNorShutsOthersOut() {
    ResponseLimiter limiter = limiter(RateLimit.STANDARD);
    Random forger = new Random(11);
    long before = limiter.memoryBytes();
    byte[] forged = new byte[4];
    InetAddress honest = ipv4(198, 51, 100, 7);
    int answered = 0;
    // Two seconds of a million forged requests each; an honest client asks 100 times a second.
    for (int i = 0; i < 2_000_000; i++) {
      long now = i * 1000L;
      forger.nextBytes(forged);
      limiter.admit(IpLiterals.ofBytes(Bytes.copyOf(forged)), 96, now);
      if (i % 10_000 == 0 && limiter.admit(honest, 96, now)) {
        answered++;
      }
    }
    assertEquals(200, answered);
    assertEquals(before, limiter.memoryBytes());
    assertTrue(before <= 4 << 20, before + " bytes");
  }

  @Test
  void aFloodInTheNameOfOneNetworkLeavesOthersAlone() {
    ResponseLimiter limiter = limiter(TEN);
    InetAddress victim = ipv4(203, 0, 113, 1);
    assertEquals(20, admitted(limiter, victim, 1_000_000, 0));
    int shutOut = 0;
    for (int net = 0; net < 10_000; net++) {
      if (!limiter.admit(ipv4(10, net >> 8, net & 0xff, 1), 60, 0)) {
        shutOut++;
      }
    }
    assertEquals(0, shutOut);
  }

  @Test
  void refusesLimitsOutOfRange() {
    assertThrows(IllegalArgumentException.class, () -> new RateLimit(-1, 1, 24, 56));
    assertThrows(IllegalArgumentException.class, () -> new RateLimit(1, 0, 24, 56));
    assertThrows(IllegalArgumentException.class, () -> new RateLimit(1, 1, 33, 56));
    assertThrows(IllegalArgumentException.class, () -> new RateLimit(1, 1, 24, 65));
  }

  private static ResponseLimiter limiter(RateLimit limit) {
    return new ResponseLimiter(limit, new Random(3), 0);
  }

  private static int admitted(ResponseLimiter limiter, InetAddress source, int asked, long now) {
    int admitted = 0;
    for (int i = 0; i < asked; i++) {
      if (limiter.admit(source, 60, now)) {
        admitted++;
      }
    }
    return admitted;
  }

  private static InetAddress ipv4(int a, int b, int c, int d) {
    return IpLiterals.ofBytes(Bytes.of(a, b, c, d));
  }

  private static InetAddress bytes(String hex) {
    return IpLiterals.ofBytes(Bytes.hex(hex));
  }
}

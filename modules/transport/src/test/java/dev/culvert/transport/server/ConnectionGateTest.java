package dev.culvert.transport.server;

import static dev.culvert.transport.server.UdpAsker.ip;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ConnectionGateTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private static ConnectionGate gate(int total, int perPrefix) {
    return new ConnectionGate(
        new ConnectionLimits(total, perPrefix, MINUTE, MINUTE), new RateLimit(10, 10, 24, 56));
  }

  @Test
  void aFloodFromOnePrefixLeavesRoomForOthers() {
    ConnectionGate gate = gate(100, 10);
    int entered = 0;
    for (int i = 0; i < 1000; i++) {
      entered += gate.enter(ip("198.51.100." + i % 256)) ? 1 : 0;
    }
    assertEquals(10, entered);
    assertEquals(10, gate.open());
    assertTrue(gate.enter(ip("198.51.101.1")));
    for (int i = 0; i < 1000; i++) {
      gate.enter(ip("2001:db8:0:" + Integer.toHexString(i % 256) + "::" + i));
    }
    assertEquals(21, gate.open());
    assertTrue(gate.enter(ip("2001:db8:0:100::1")));
  }

  @Test
  void everyPlaceThatIsLeftCanBeTakenAgain() {
    ConnectionGate gate = gate(3, 2);
    InetAddress one = ip("198.51.100.1");
    InetAddress other = ip("203.0.113.1");
    assertTrue(gate.enter(one));
    assertTrue(gate.enter(one));
    assertFalse(gate.enter(one));
    assertTrue(gate.enter(other));
    assertFalse(gate.hasRoom());
    assertFalse(gate.enter(other));
    gate.leave(one);
    assertTrue(gate.enter(one));
    gate.leave(one);
    gate.leave(one);
    gate.leave(other);
    assertEquals(0, gate.open());
    assertEquals(0, gate.prefixes());
  }

  @Test
  void loopbackCountsTowardTheTotalOnly() {
    ConnectionGate gate = gate(3, 1);
    for (int i = 0; i < 3; i++) {
      assertTrue(gate.enter(ip("127.0.0.1")));
    }
    assertFalse(gate.enter(ip("127.0.0.1")));
    assertEquals(0, gate.prefixes());
  }

  @Test
  void aDayOfComingAndGoingLeavesNothing() {
    ConnectionGate gate = gate(50, 5);
    Random random = new Random(50);
    Deque<InetAddress> inside = new ArrayDeque<>();
    for (int i = 0; i < 100_000; i++) {
      InetAddress who = ip("10." + random.nextInt(4) + "." + random.nextInt(4) + ".1");
      if (random.nextBoolean() && gate.enter(who)) {
        inside.add(who);
      } else if (!inside.isEmpty()) {
        gate.leave(inside.remove());
      }
      assertEquals(inside.size(), gate.open());
      assertTrue(gate.prefixes() <= inside.size());
    }
    inside.forEach(gate::leave);
    assertEquals(0, gate.prefixes());
  }
}

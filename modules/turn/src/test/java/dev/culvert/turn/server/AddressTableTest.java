package dev.culvert.turn.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTableTest {
  @ParameterizedTest
  @ValueSource(longs = {0, 1, -1, 0x9e3779b97f4a7c15L})
  void knowsWhatAMapKnows(long seed) throws UnknownHostException {
    AddressTable<Integer> table = new AddressTable<>(seed);
    Map<InetSocketAddress, Integer> map = new HashMap<>();
    Random random = new Random(seed);
    for (int i = 0; i < 100_000; i++) {
      InetSocketAddress address = address(random);
      // It grows for a while, then shrinks.
      if (random.nextInt(100) < (i < 50_000 ? 60 : 30)) {
        table.put(address, i);
        map.put(address, i);
      } else {
        table.remove(address);
        map.remove(address);
      }
      InetSocketAddress asked = address(random);
      assertEquals(map.get(asked), table.get(asked), () -> "seed " + seed + ", " + asked);
    }
    for (Map.Entry<InetSocketAddress, Integer> entry : map.entrySet()) {
      assertEquals(entry.getValue(), table.get(entry.getKey()));
      table.remove(entry.getKey());
      assertNull(table.get(entry.getKey()));
    }
  }

  /** Few addresses with few ports, so that they meet again, and close neighbours. */
  private static InetSocketAddress address(Random random) throws UnknownHostException {
    int port = random.nextBoolean() ? random.nextInt(200) : 65_535 - random.nextInt(20);
    byte last = (byte) random.nextInt(12);
    byte[] ip =
        random.nextInt(8) == 0
            ? new byte[] {0x20, 1, 0xd, (byte) 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last}
            : new byte[] {(byte) 192, 0, 2, last};
    return new InetSocketAddress(InetAddress.getByAddress(ip), port);
  }

  @Test
  void neverTakesAnAddressForAnother() throws UnknownHostException {
    AddressTable<String> table = new AddressTable<>(7);
    table.put(new InetSocketAddress(InetAddress.getByName("0.0.0.0"), 0), "nothing");
    table.put(new InetSocketAddress(InetAddress.getByName("255.255.255.255"), 65_535), "all");
    assertEquals("nothing", table.get(new InetSocketAddress(InetAddress.getByName("0.0.0.0"), 0)));
    assertEquals(
        "all", table.get(new InetSocketAddress(InetAddress.getByName("255.255.255.255"), 65_535)));
    assertNull(table.get(new InetSocketAddress(InetAddress.getByName("0.0.0.0"), 65_535)));
    assertNull(table.get(new InetSocketAddress(InetAddress.getByName("::"), 0)));
  }
}

package dev.culvert.ice4j.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.IpLiterals;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Addresses that nobody takes for private ones, inside the network namespace that the tests run in:
 * it has no interface but its own loopback, so nothing leaves it.
 */
final class Net {
  static final InetAddress HERE = ip("203.0.113.1");
  static final InetAddress THERE = ip("203.0.113.2");
  static final InetAddress RELAY = ip("203.0.113.9");

  static {
    List.of(HERE, THERE, RELAY).forEach(Net::add);
  }

  private Net() {}

  static InetAddress ip(String literal) {
    return IpLiterals.parse(literal).orElseThrow();
  }

  private static void add(InetAddress address) {
    try {
      if (NetworkInterface.getByInetAddress(address) != null) {
        return;
      }
      assertTrue(
          NetworkInterface.networkInterfaces().allMatch(Net::isLoopback),
          "these tests run in a network namespace of their own; see java-in-namespace");
      Process process =
          new ProcessBuilder(
                  "sh",
                  "-c",
                  "PATH=$PATH:/sbin:/usr/sbin ip address add "
                      + address.getHostAddress()
                      + "/32 dev lo")
              .redirectErrorStream(true)
              .start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(process.waitFor(60, TimeUnit.SECONDS));
      assertEquals(0, process.exitValue(), said);
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean isLoopback(NetworkInterface each) {
    try {
      return each.isLoopback() || !each.isUp();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}

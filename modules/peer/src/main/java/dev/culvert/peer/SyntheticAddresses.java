package dev.culvert.peer;

import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The two ends of a path as views show them: unique local addresses (RFC 4193) that nobody sends
 * to, the same for as long as the connection lives.
 */
record SyntheticAddresses(TransportAddress local, TransportAddress remote) {
  /** Chosen at random once, as RFC 4193 §3.2.2 wants it. */
  private static final long PREFIX = 0xfd4e_9b61_d2a7_0000L;

  private static final int PORT = 51_820;
  private static final AtomicLong COUNT = new AtomicLong();

  static SyntheticAddresses next() {
    long number = COUNT.getAndIncrement() << 8;
    return new SyntheticAddresses(address(number | 1), address(number | 2));
  }

  private static TransportAddress address(long end) {
    byte[] ip = ByteBuffer.allocate(16).putLong(PREFIX).putLong(end).array();
    try {
      // With a name nobody asks a name server for one.
      String name = InetAddress.getByAddress(ip).getHostAddress();
      return new TransportAddress(InetAddress.getByAddress(name, ip), PORT);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }
}

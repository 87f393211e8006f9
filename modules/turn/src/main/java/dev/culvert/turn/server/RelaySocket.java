package dev.culvert.turn.server;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** A relayed address's socket, as the data plane needs it. Belongs to the engine's thread. */
public interface RelaySocket {
  /**
   * Where a datagram from a peer goes; it is counted, unless {@link ClientForward#channel} is 0.
   *
   * @param ip the peer
   * @param port the peer's port
   * @param length bytes of the datagram
   * @param now nanoseconds of the driver's monotonic clock
   * @return null: drop it; the reason is counted
   */
  @Nullable ClientForward toClient(InetAddress ip, int port, int length, long now);
}

package dev.culvert.turn.server;

import org.jspecify.annotations.Nullable;

/** A client with an allocation, as the data plane needs it. Belongs to the engine's thread. */
public interface Client {
  /**
   * Where data for a channel goes; it is counted.
   *
   * @param channel the channel number of the ChannelData
   * @param length bytes of data, without the header
   * @param now nanoseconds of the driver's monotonic clock
   * @return null: drop it; the reason is counted
   */
  @Nullable PeerForward toPeer(int channel, int length, long now);
}

package dev.culvert.transport;

import io.netty.channel.socket.DatagramChannel;

/** Gives single datagrams a hop limit or the DF bit, by setting and restoring socket options. */
interface DatagramTuning {

  /**
   * Puts the options in force for whatever is sent until the returned action runs.
   *
   * @param ttl 1 to 255, or {@link dev.culvert.sansio.Output#SYSTEM_TTL}
   */
  Runnable apply(DatagramChannel channel, boolean ipv6, int ttl, boolean dontFragment);
}

package dev.culvert.transport.server;

import dev.culvert.sansio.Output;
import dev.culvert.turn.server.ClientForward;
import io.netty.buffer.ByteBuf;

/**
 * What a relay sends to clients through: a UDP socket with all its clients, or the connection of
 * one. Belongs to the loop.
 */
interface ClientSink {
  /** Sends a whole message of the engine's. */
  void send(Output.Send send);

  /**
   * Sends ChannelData (RFC 8656 §12.4). What cannot be sent is dropped.
   *
   * @param to the channel, and over UDP the address
   * @param data what a peer sent, readable; it is neither kept nor released
   */
  void relay(ClientForward to, ByteBuf data);

  /** The engine has done with it; a socket with more clients stays. */
  void close();
}

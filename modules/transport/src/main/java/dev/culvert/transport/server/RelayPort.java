package dev.culvert.transport.server;

/** The UDP socket of one relayed address. Belongs to its loop. */
interface RelayPort {
  /** What sends from it. */
  DatagramSender sender();

  /** Closes it; more than once does no harm. */
  void close();
}

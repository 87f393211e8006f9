package dev.culvert.natsim;

import dev.culvert.sansio.TransportAddress;

/** On what of the remote side a mapping (RFC 4787 §4.1) or a filter (RFC 4787 §5) depends. */
public enum Dependence {
  /** On nothing. */
  ENDPOINT_INDEPENDENT,
  /** On its address. */
  ADDRESS,
  /** On its address and port. */
  ADDRESS_AND_PORT;

  private static final TransportAddress ANYBODY =
      new TransportAddress(new java.net.InetSocketAddress(0).getAddress(), 0);

  /** The part of {@code remote} that matters, the same for all remotes treated alike. */
  TransportAddress key(TransportAddress remote) {
    return switch (this) {
      case ENDPOINT_INDEPENDENT -> ANYBODY;
      case ADDRESS -> remote.withPort(0);
      case ADDRESS_AND_PORT -> remote;
    };
  }
}

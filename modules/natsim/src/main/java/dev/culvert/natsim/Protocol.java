package dev.culvert.natsim;

/** What an IP packet carries. */
public enum Protocol {
  /** A datagram. */
  UDP,
  /** A segment of a connection. */
  TCP,
  /** An error about another packet. */
  ICMP
}

package dev.culvert.stun;

import java.util.zip.CRC32;

/**
 * Where a {@link BindingResponder}'s answer goes. One for each thread, used again for every
 * request: that is what keeps answers free of allocation.
 */
public final class BindingReply {
  final BindingScan scan = new BindingScan();
  final CRC32 crc = new CRC32();
  private Source source = Source.ASKED;
  private int port;

  /** The four sockets of a server with two addresses and two ports (RFC 5780 §6.1, table 1). */
  public enum Source {
    /** The socket that was asked, Da:Dp. */
    ASKED(false, false),
    /** The same IP address, the other port, Da:Cp. */
    OTHER_PORT(false, true),
    /** The other IP address, the same port, Ca:Dp. */
    OTHER_IP(true, false),
    /** Both other, Ca:Cp. */
    OTHER_IP_AND_PORT(true, true);

    private final boolean otherIp;
    private final boolean otherPort;

    Source(boolean otherIp, boolean otherPort) {
      this.otherIp = otherIp;
      this.otherPort = otherPort;
    }

    /** Whether it has the other IP address. */
    public boolean isOtherIp() {
      return otherIp;
    }

    /** Whether it has the other port. */
    public boolean isOtherPort() {
      return otherPort;
    }

    static Source of(boolean otherIp, boolean otherPort) {
      if (otherIp) {
        return otherPort ? OTHER_IP_AND_PORT : OTHER_IP;
      }
      return otherPort ? OTHER_PORT : ASKED;
    }
  }

  /** An empty one. */
  public BindingReply() {}

  /** The socket to send from. */
  public Source source() {
    return source;
  }

  /** The port of the client to send to; its IP address is that of the request. */
  public int port() {
    return port;
  }

  void set(Source newSource, int newPort) {
    source = newSource;
    port = newPort;
  }
}

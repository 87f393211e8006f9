package dev.culvert.sansio;

/** How bytes travel between two addresses. */
public enum Transport {
  /** Datagrams in the clear. */
  UDP(false, false),
  /** A stream in the clear. */
  TCP(true, false),
  /** TLS over TCP. */
  TLS(true, true),
  /** DTLS over UDP. */
  DTLS(false, true),
  /**
   * Messages over a WebSocket (RFC 6455), in order, each whole; over TLS, and in the clear on
   * loopback alone.
   */
  WEBSOCKET(false, true);

  private final boolean stream;
  private final boolean secure;

  Transport(boolean stream, boolean secure) {
    this.stream = stream;
    this.secure = secure;
  }

  /** Whether bytes arrive in order, complete and without message boundaries. */
  public boolean isStream() {
    return stream;
  }

  /** Whether the bytes are encrypted and the server proved who it is. */
  public boolean isSecure() {
    return secure;
  }
}

package dev.culvert.stun;

/** What a message is within its transaction (RFC 8489 §5). */
public enum MessageClass {
  /** Asks, and is answered. */
  REQUEST(0),
  /** Tells, and is not answered. */
  INDICATION(1),
  /** Answers a request that was carried out. */
  SUCCESS_RESPONSE(2),
  /** Answers a request that was refused. */
  ERROR_RESPONSE(3);

  private final int bits;

  MessageClass(int bits) {
    this.bits = bits;
  }

  /** The class bits C1 and C0, 0 to 3. */
  int bits() {
    return bits;
  }

  static MessageClass of(int bits) {
    return switch (bits & 3) {
      case 0 -> REQUEST;
      case 1 -> INDICATION;
      case 2 -> SUCCESS_RESPONSE;
      default -> ERROR_RESPONSE;
    };
  }

  /** Whether this answers a request. */
  public boolean isResponse() {
    return this == SUCCESS_RESPONSE || this == ERROR_RESPONSE;
  }
}

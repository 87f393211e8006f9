package dev.culvert.stun;

/** What a server tells in its nonce cookie that it can do (RFC 8489 §9.2, §18.1). */
public enum SecurityFeature {
  /** It lists password algorithms; a list that is missing was stripped on the way. */
  PASSWORD_ALGORITHMS(0),
  /** It takes USERHASH in place of USERNAME, and the client must send it so. */
  USERNAME_ANONYMITY(1);

  private final int bit;

  SecurityFeature(int bit) {
    this.bit = bit;
  }

  /** Its bit, 0 to 23 from the most significant side. */
  public int bit() {
    return bit;
  }
}

package dev.culvert.lab.spec;

/** Which packets keep a mapping alive (RFC 4787 §4.3, REQ-6). */
public enum Refresh {
  /** Those from inside alone, as REQ-6 demands at least. */
  OUTBOUND("outbound"),
  /** Those from outside alone. */
  INBOUND("inbound"),
  /** Those from both sides. */
  BOTH("both");

  private final String code;

  Refresh(String code) {
    this.code = code;
  }

  /** The short form that a behaviour is written in. */
  public String code() {
    return code;
  }

  /** Whether packets from inside count. */
  public boolean byOutbound() {
    return this != INBOUND;
  }

  /** Whether packets from outside count. */
  public boolean byInbound() {
    return this != OUTBOUND;
  }
}

package dev.culvert.lab.spec;

/** Which of several outside addresses a mapping gets (RFC 4787 §4.1, REQ-2). */
public enum Pooling {
  /** An inside host always has the same. */
  PAIRED("paired"),
  /** Each mapping has any. */
  ARBITRARY("arbitrary");

  private final String code;

  Pooling(String code) {
    this.code = code;
  }

  /** The short form that a behaviour is written in. */
  public String code() {
    return code;
  }
}

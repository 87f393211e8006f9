package dev.culvert.detect;

/**
 * What a NAT's mapping (RFC 4787 §4.1) or filtering (RFC 4787 §5) depends on; ordered from the
 * easiest to the hardest for peers.
 */
public enum Behaviour {
  /** Not on whom the host talks to. */
  ENDPOINT_INDEPENDENT("endpoint-independent"),
  /** On the other side's address. */
  ADDRESS_DEPENDENT("address-dependent"),
  /** On the other side's address and port. */
  ADDRESS_AND_PORT_DEPENDENT("address-and-port-dependent");

  private final String text;

  Behaviour(String text) {
    this.text = text;
  }

  /** The word of RFC 4787, in lower case, as reports show it. */
  @Override
  public String toString() {
    return text;
  }
}

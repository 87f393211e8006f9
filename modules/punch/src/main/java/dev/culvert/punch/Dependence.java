package dev.culvert.punch;

/** On what of the remote side a mapping (RFC 4787 §4.1) or a filter (RFC 4787 §5) depends. */
public enum Dependence {
  /** Nobody has measured it. */
  UNKNOWN("unknown"),
  /** On nothing; also where nothing is translated or filtered. */
  ENDPOINT_INDEPENDENT("endpoint-independent"),
  /** On its address. */
  ADDRESS("address-dependent"),
  /** On its address and port. */
  ADDRESS_AND_PORT("address-and-port-dependent");

  private final String text;

  Dependence(String text) {
    this.text = text;
  }

  /** The word of RFC 4787, in lower case. */
  @Override
  public String toString() {
    return text;
  }
}

package dev.culvert.lab.spec;

/** Which packets from outside a NAT or firewall lets in (RFC 4787 §5). */
public enum Filtering {
  /** Everything, asked for or not: a plain router. */
  NONE("open", "none"),
  /** From anyone, once the inside endpoint has sent anything. */
  ENDPOINT_INDEPENDENT("eif", "endpoint-independent"),
  /** From every port of an address that the inside endpoint has sent to. */
  ADDRESS_DEPENDENT("adf", "address-dependent"),
  /** From an address and port that the inside endpoint has sent to. */
  ADDRESS_AND_PORT_DEPENDENT("apdf", "address-and-port-dependent");

  private final String code;
  private final String words;

  Filtering(String code, String words) {
    this.code = code;
    this.words = words;
  }

  /** The short form that a behaviour is written in. */
  public String code() {
    return code;
  }

  /** The words of RFC 4787. */
  public String words() {
    return words;
  }
}

package dev.culvert.lab.spec;

/** How a NAT chooses the outside endpoint of an inside one (RFC 4787 §4.1). */
public enum Mapping {
  /** Nothing is translated: the router only forwards and filters. */
  NONE("none", "no translation"),
  /** One outside endpoint for all destinations. */
  ENDPOINT_INDEPENDENT("eim", "endpoint-independent"),
  /** One outside endpoint for each destination address. */
  ADDRESS_DEPENDENT("adm", "address-dependent"),
  /** One outside endpoint for each destination address and port. */
  ADDRESS_AND_PORT_DEPENDENT("apdm", "address-and-port-dependent");

  private final String code;
  private final String words;

  Mapping(String code, String words) {
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

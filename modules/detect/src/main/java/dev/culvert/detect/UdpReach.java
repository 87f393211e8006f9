package dev.culvert.detect;

/** Whether UDP gets out of the network and answers get back. */
public enum UdpReach {
  /** At least one server was heard over UDP. */
  OPEN("open"),
  /** No server was heard over UDP although one answers over TCP or TLS. */
  BLOCKED("blocked");

  private final String text;

  UdpReach(String text) {
    this.text = text;
  }

  /** The word that reports show. */
  @Override
  public String toString() {
    return text;
  }
}

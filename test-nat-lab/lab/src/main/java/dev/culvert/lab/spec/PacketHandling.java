package dev.culvert.lab.spec;

/**
 * What a router does to packets that it had better leave alone.
 *
 * @param dropsFragments whether datagrams in several packets are lost (RFC 4787 §11, against
 *     REQ-14)
 * @param rewritesPayload whether it replaces addresses inside of datagrams (RFC 4787 §7)
 * @param blackHole whether it drops what is too big for the next link, or any ICMP "too big" that
 *     comes by, without a word (RFC 2923 §2.1)
 */
public record PacketHandling(boolean dropsFragments, boolean rewritesPayload, boolean blackHole) {

  /** Leaves them alone. */
  public static final PacketHandling CLEAN = new PacketHandling(false, false, false);

  /** The same, losing fragments or not. */
  public PacketHandling withFragmentsDropped(boolean value) {
    return new PacketHandling(value, rewritesPayload, blackHole);
  }

  /** The same, rewriting or not. */
  public PacketHandling withRewriting(boolean value) {
    return new PacketHandling(dropsFragments, value, blackHole);
  }

  /** The same, a black hole or not. */
  public PacketHandling withBlackHole(boolean value) {
    return new PacketHandling(dropsFragments, rewritesPayload, value);
  }

  /** For people, with a leading comma; empty for {@link #CLEAN}. */
  String words() {
    return (dropsFragments ? ", drops fragments" : "")
        + (rewritesPayload ? ", rewrites payloads" : "")
        + (blackHole ? ", PMTU black hole" : "");
  }
}

package dev.culvert.stun.attribute;

/** The numbers of address families in STUN attributes (RFC 8489 §14.1). */
public final class AddressFamily {
  /** IPv4. */
  public static final int IPV4 = 1;

  /** IPv6. */
  public static final int IPV6 = 2;

  private AddressFamily() {}
}

package dev.culvert.session;

/**
 * An address of this host that is not used.
 *
 * @param address it
 * @param reason why
 */
public record LeftOut(LocalAddress address, Reason reason) {

  /** Why an address is left out. */
  public enum Reason {
    /** 0.0.0.0/8 and {@code ::} are addresses of nobody. */
    UNSPECIFIED("an address of nobody", false, true),
    /** It reaches this host alone. */
    LOOPBACK("loopback", true, false),
    /** 169.254.0.0/16 and fe80::/10 reach one link, and mean another one elsewhere. */
    LINK_LOCAL("link-local", false, false),
    /** It is not one host's. */
    MULTICAST("a multicast or broadcast address", false, true),
    /** fec0::/10, deprecated by RFC 3879. */
    SITE_LOCAL("a site-local address, which RFC 3879 deprecates", false, false),
    /** ::/96, deprecated by RFC 4291 §2.5.5.1. */
    IPV4_COMPATIBLE("an IPv4-compatible address, which RFC 4291 deprecates", false, false),
    /** 2002::/16 leads through relays of nobody (RFC 7526). */
    SIX_TO_FOUR("a 6to4 address, which RFC 7526 deprecates", false, false),
    /** 2001::/32 is NAT traversal of its own (RFC 4380). */
    TEREDO("a Teredo address", false, false),
    /** It leads to containers on this host. */
    CONTAINERS("a container bridge", true, false),
    /** It leads to virtual machines on this host. */
    VIRTUAL_MACHINES("a network of virtual machines", true, false),
    /** {@link AddressFilter#ipv4} or {@link AddressFilter#ipv6} is off. */
    OTHER_FAMILY("another IP version is asked for", false, true),
    /** Others are named. */
    NOT_ASKED_FOR("not asked for", false, true),
    /** It is excluded by its interface or its range. */
    EXCLUDED("excluded", false, true);

    private final String words;
    private final boolean aboutTheInterface;
    private final boolean forGood;

    Reason(String words, boolean aboutTheInterface, boolean forGood) {
      this.words = words;
      this.aboutTheInterface = aboutTheInterface;
      this.forGood = forGood;
    }

    /** A few words for people. */
    public String words() {
      return words;
    }

    /** Whether naming the interface is enough to use the address all the same. */
    boolean isAboutTheInterface() {
      return aboutTheInterface;
    }

    /** Whether nothing but another filter lets it be used. */
    boolean isForGood() {
      return forGood;
    }
  }

  /** {@code docker0 172.17.0.1 left out: a container bridge}. */
  @Override
  public String toString() {
    return AddressChoice.named(address) + " left out: " + reason.words();
  }
}

package dev.culvert.stun;

import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * The thirteen characters with which servers of RFC 8489 begin a nonce (RFC 8489 §9.2): they say
 * what the server can do, in a place that nobody on the way can change unnoticed.
 *
 * @param features what it can do, as far as known here; other bits are read over
 */
public record NonceCookie(Set<SecurityFeature> features) {
  /** How many characters it has. */
  public static final int LENGTH = 13;

  private static final String START = "obMatJos2";

  /** Copies the set. */
  public NonceCookie {
    features = Set.copyOf(features);
  }

  /** A cookie with these features. */
  public static NonceCookie of(SecurityFeature... features) {
    return new NonceCookie(Set.copyOf(Arrays.asList(features)));
  }

  /** The cookie at the start of {@code nonce}; empty if it has none, as with RFC 5389 servers. */
  public static Optional<NonceCookie> in(String nonce) {
    if (nonce.length() < LENGTH || !nonce.startsWith(START)) {
      return Optional.empty();
    }
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(nonce.substring(START.length(), LENGTH));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    if (bytes.length != 3) {
      return Optional.empty();
    }
    Set<SecurityFeature> features = EnumSet.noneOf(SecurityFeature.class);
    for (SecurityFeature feature : SecurityFeature.values()) {
      if ((bytes[feature.bit() / 8] & 0x80 >> feature.bit() % 8) != 0) {
        features.add(feature);
      }
    }
    return Optional.of(new NonceCookie(features));
  }

  /** Whether {@code nonce} begins with a cookie that names {@code feature}. */
  public static boolean names(String nonce, SecurityFeature feature) {
    return in(nonce).filter(cookie -> cookie.features.contains(feature)).isPresent();
  }

  /** The characters to put in front of a nonce. */
  public String text() {
    byte[] bytes = new byte[3];
    for (SecurityFeature feature : features) {
      bytes[feature.bit() / 8] |= (byte) (0x80 >> feature.bit() % 8);
    }
    return START + Base64.getEncoder().encodeToString(bytes);
  }
}

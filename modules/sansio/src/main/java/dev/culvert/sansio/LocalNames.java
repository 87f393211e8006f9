package dev.culvert.sansio;

import java.util.Locale;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Host names that hold on one link only: what ends in {@code .local} is looked up by multicast DNS
 * and never in the DNS (RFC 6762 §3).
 */
public final class LocalNames {
  private static final String SUFFIX = ".local";
  private static final int LONGEST_LABEL = 63;

  private LocalNames() {}

  /** Whether {@code name} is one; a dot at its end and upper case make no difference. */
  public static boolean isLocal(String name) {
    return canonical(name).endsWith(SUFFIX);
  }

  /** Whether {@code name} can be published: one label of letters, digits and hyphens. */
  public static boolean isPublishable(String name) {
    String canonical = canonical(name);
    if (!canonical.endsWith(SUFFIX)) {
      return false;
    }
    String label = canonical.substring(0, canonical.length() - SUFFIX.length());
    return label.length() <= LONGEST_LABEL && label.matches("[a-z0-9]([a-z0-9-]*[a-z0-9])?");
  }

  /** A name that tells nothing and that nobody else has: a random UUID (version 4, RFC 9562). */
  public static String fresh(RandomGenerator random) {
    long high = (random.nextLong() & 0xffff_ffff_ffff_0fffL) | 0x4000L;
    long low = (random.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
    return new UUID(high, low) + SUFFIX;
  }

  /** The form in which two spellings of one name are equal: lower case, no dot at the end. */
  public static String canonical(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }
}

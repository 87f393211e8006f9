package dev.culvert.ice;

import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * A user name fragment and a password, for one generation of candidates (RFC 8445 §5.3).
 *
 * @param ufrag 4 to 256 characters of A-Z, a-z, 0-9, + and /
 * @param password 22 to 256 of the same characters
 */
public record IceCredentials(String ufrag, String password) {
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  private static final Pattern UFRAG = Pattern.compile("[A-Za-z0-9+/]{4,256}");
  private static final Pattern PASSWORD = Pattern.compile("[A-Za-z0-9+/]{22,256}");

  /** Refuses what RFC 8839 §5.4 forbids. */
  public IceCredentials {
    if (!UFRAG.matcher(ufrag).matches()) {
      throw new IllegalArgumentException("a ufrag has 4 to 256 characters of A-Z a-z 0-9 + /");
    }
    if (!PASSWORD.matcher(password).matches()) {
      throw new IllegalArgumentException("a password has 22 to 256 characters of A-Z a-z 0-9 + /");
    }
  }

  /**
   * Fresh ones: 48 bits of user name fragment, 144 of password.
   *
   * @param random a {@link java.security.SecureRandom} for anything that meets the Internet
   */
  public static IceCredentials random(RandomGenerator random) {
    return new IceCredentials(text(8, random), text(24, random));
  }

  private static String text(int length, RandomGenerator random) {
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return text.toString();
  }

  /** The name alone; a password is nobody else's business. */
  @Override
  public String toString() {
    return "IceCredentials[" + ufrag + "]";
  }
}

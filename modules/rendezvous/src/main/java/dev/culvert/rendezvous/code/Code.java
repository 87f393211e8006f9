package dev.culvert.rendezvous.code;

import dev.culvert.identity.PeerId;
import dev.culvert.rendezvous.Ranking;
import dev.culvert.rendezvous.wire.Frame;
import dev.culvert.sansio.Bytes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

/**
 * What one person tells another over the phone: {@code 4821-acid-zebra}. The number says where to
 * meet and is no secret; the words are. With 2048 words there are about four million pairs (22
 * bits), and as nobody has more than three guesses, whoever guesses is right once in 1.4 million
 * codes.
 *
 * @param number of the plate, 1 to 999999; those made here have four digits
 * @param first a word of the list
 * @param second a word of the list
 */
public record Code(int number, String first, String second) {
  /** How many guesses others have at a code before it is void. */
  public static final int GUESSES = 3;

  private static final int LONGEST = 100;
  private static final int DIGITS = 6;
  private static final int LEAST = 1000;
  private static final int MOST = 9999;
  private static final Bytes PURPOSE = Bytes.utf8("rdv1-code-number");

  /** Refuses words that are not in the list, and numbers that are no plate's. */
  public Code {
    if (number < 1 || number > Frame.HIGHEST_PLATE) {
      throw new IllegalArgumentException("no plate has the number " + number);
    }
    if (!Words.ALL.contains(first) || !Words.ALL.contains(second)) {
      throw new IllegalArgumentException("these are no words of a code");
    }
  }

  /**
   * A new one.
   *
   * @param number of the plate
   * @param random a {@link java.security.SecureRandom} for anything but a simulation
   */
  static Code of(int number, RandomGenerator random) {
    return new Code(
        number,
        Words.ALL.get(random.nextInt(Words.ALL.size())),
        Words.ALL.get(random.nextInt(Words.ALL.size())));
  }

  /** A number that somebody may draw for a new code. */
  static int drawNumber(RandomGenerator random) {
    return random.nextInt(LEAST, MOST + 1);
  }

  /**
   * Reads what people write: in letters of either case, with blanks, dashes or commas between, the
   * words cut short as long as it is clear what is meant.
   *
   * @throws CodeException with one line that names the fault and, where it can, the mend
   */
  public static Code parse(String text) throws CodeException {
    String plain = text.strip().toLowerCase(Locale.ROOT);
    List<String> parts =
        plain.length() > LONGEST
            ? List.of()
            : Arrays.stream(plain.split("[\\s\\-_.,\u2010-\u2014]+", -1))
                .filter(part -> !part.isEmpty())
                .toList();
    if (parts.size() != 3) {
      throw new CodeException("a code is a number and two words, like 4821-acid-zebra");
    }
    return new Code(number(parts.get(0)), word(parts.get(1)), word(parts.get(2)));
  }

  private static int number(String part) throws CodeException {
    boolean isNumber =
        part.length() <= DIGITS && part.chars().allMatch(digit -> digit >= '0' && digit <= '9');
    int number = isNumber ? Integer.parseInt(part) : 0;
    if (number < 1) {
      throw new CodeException("a code begins with a number, like 4821, not with " + part);
    }
    return number;
  }

  private static String word(String part) throws CodeException {
    return Words.find(part)
        .orElseThrow(
            () ->
                new CodeException(
                    "no code has the word "
                        + part
                        + Words.nearest(part)
                            .map(word -> "; did you mean " + word + "?")
                            .orElse("; ask for the code again")));
  }

  /** What the two have in common before they meet. */
  String password() {
    return first + "-" + second;
  }

  /**
   * At which of some nodes a plate of a number is looked for first, then next, and so on: the same
   * for everybody who knows the same nodes.
   */
  public static List<PeerId> ranking(int number, Collection<PeerId> nodes) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(PURPOSE.asByteBuffer());
      digest.update(Bytes.utf8(Integer.toString(number)).asByteBuffer());
      return Ranking.of(new PeerId(Bytes.wrap(digest.digest())), nodes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }

  /** The whole, to be told to one person. */
  public String text() {
    return number + "-" + password();
  }

  /** The number without the words. */
  @Override
  public String toString() {
    return "Code[" + number + "]";
  }
}

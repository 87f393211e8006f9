package dev.culvert.session.meet;

import dev.culvert.punch.NatTraits;
import dev.culvert.sansio.Bytes;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * What one side of a {@link BarePeer} tells the other, by whatever channel two people have. Whoever
 * reads both sides' notes can stand in for either.
 *
 * @param traits what stands before its sender
 * @param half half of what proves the packets, 16 bytes
 * @param made when it was made, by the sender's clock
 * @param start when both begin, by the sender's clock; present in an answer
 */
public record BareNote(NatTraits traits, Bytes half, Instant made, Optional<Instant> start) {
  /** What each written note begins with. */
  public static final String PREFIX = "culvertpunch1";

  static final int HALF_LENGTH = 16;
  private static final int RADIX = 36;
  private static final int LENGTH_DIGITS = 3;
  private static final int LONGEST = 2048;

  /** The byte 1, so that no digit is lost, and the CRC-32. */
  private static final int HEAD = 5;

  private static final Pattern WORD =
      Pattern.compile(PREFIX + "([0-9a-z]{" + LENGTH_DIGITS + "})([0-9a-z]*)");

  /** Chat programs break long words, and put marks there that nobody sees. */
  private static final Pattern INVISIBLE =
      Pattern.compile("[\\s\\u00ad\\u200b-\\u200f\\u2028\\u2029\\u2060\\ufeff]+");

  /** Whether it answers another one. */
  public boolean isAnswer() {
    return start.isPresent();
  }

  /**
   * One word of letters and digits: the prefix, the number of digits that follow as three of base
   * 36, and in base 36 the byte 1, the CRC-32 of what follows, and words.
   */
  public String write() {
    PunchNote note = new PunchNote.Ask(1, traits, half, Duration.ZERO);
    String text = PunchText.write(note) + " made=" + made.toEpochMilli();
    String all = text + start.map(at -> " start=" + at.toEpochMilli()).orElse("");
    byte[] words = all.getBytes(StandardCharsets.US_ASCII);
    ByteBuffer bytes = ByteBuffer.allocate(HEAD + words.length);
    bytes.put((byte) 1).putInt((int) crc(words, 0)).put(words);
    String digits = new BigInteger(1, bytes.array()).toString(RADIX);
    String length = Integer.toString(digits.length(), RADIX);
    return PREFIX + "0".repeat(LENGTH_DIGITS - length.length()) + length + digits;
  }

  /**
   * Reads one out of a text that may have been broken into lines.
   *
   * @return empty if the end of it is still missing
   * @throws IllegalArgumentException if it is none or damaged; its message is one line for people
   */
  public static Optional<BareNote> read(String text) {
    String plain = INVISIBLE.matcher(text).replaceAll("").toLowerCase(Locale.ROOT);
    if (!plain.contains(PREFIX)) {
      throw new IllegalArgumentException(
          "that is no line of 'culvert punch'; one begins with " + PREFIX);
    }
    Matcher word = WORD.matcher(plain);
    if (!word.find()) {
      return Optional.empty();
    }
    int length = Integer.parseInt(word.group(1), RADIX);
    if (length == 0 || length > LONGEST) {
      throw damaged();
    }
    return word.group(2).length() < length
        ? Optional.empty()
        : Optional.of(unpacked(word.group(2).substring(0, length)));
  }

  private static BareNote unpacked(String digits) {
    byte[] bytes = new BigInteger(digits, RADIX).toByteArray();
    boolean whole =
        bytes.length > HEAD
            && bytes[0] == 1
            && (int) crc(bytes, HEAD) == ByteBuffer.wrap(bytes, 1, 4).getInt();
    if (!whole) {
      throw damaged();
    }
    String text = new String(bytes, HEAD, bytes.length - HEAD, StandardCharsets.US_ASCII);
    Optional<PunchNote> note = PunchText.read(text);
    OptionalLong made = millis(text, "made");
    if (note.isEmpty() || !(note.get() instanceof PunchNote.Ask ask) || made.isEmpty()) {
      throw new IllegalArgumentException(
          "that line is of another version of culvert; both sides need the same");
    }
    OptionalLong start = millis(text, "start");
    return new BareNote(
        ask.traits(),
        ask.key(),
        instant(made.getAsLong()),
        start.isPresent() ? Optional.of(instant(start.getAsLong())) : Optional.empty());
  }

  private static OptionalLong millis(String text, String name) {
    Matcher word = Pattern.compile(" " + name + "=([0-9]{1,15})(?: |$)").matcher(text);
    return word.find() ? OptionalLong.of(Long.parseLong(word.group(1))) : OptionalLong.empty();
  }

  private static Instant instant(long millis) {
    try {
      return Instant.ofEpochMilli(millis);
    } catch (DateTimeException e) {
      throw damaged();
    }
  }

  private static IllegalArgumentException damaged() {
    return new IllegalArgumentException("the line is damaged or cut off; copy it again, whole");
  }

  private static long crc(byte[] bytes, int from) {
    CRC32 crc = new CRC32();
    crc.update(bytes, from, bytes.length - from);
    return crc.getValue();
  }

  /** Shows no secret. */
  @Override
  public String toString() {
    return "BareNote of " + traits.reflexive() + (isAnswer() ? ", an answer" : "");
  }
}

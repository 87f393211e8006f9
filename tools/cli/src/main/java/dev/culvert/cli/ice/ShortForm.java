package dev.culvert.cli.ice;

import dev.culvert.ice.text.IceDescription;
import dev.culvert.ice.text.IceJson;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * A description as one word of letters and digits, which no chat program takes for markup, breaks
 * or turns into a picture, and which fits into the 4095 characters that a terminal takes as a line:
 * {@code culvertice1}, the number of digits that follow as three of base 36, then in base 36 the
 * byte 1, the CRC-32 of what follows, and the JSON deflated (RFC 1951).
 */
final class ShortForm {
  static final String PREFIX = "culvertice1";

  private static final int RADIX = 36;
  private static final int LENGTH_DIGITS = 3;
  private static final int LONGEST = RADIX * RADIX * RADIX - 1;
  private static final int MOST_JSON = 256 << 10;
  private static final String CUT = "the description is cut off; copy all of it";
  private static final Pattern INVISIBLE =
      Pattern.compile("[\\s\\u00ad\\u200b-\\u200f\\u2028\\u2029\\u2060\\ufeff]+");
  private static final Pattern WORD =
      Pattern.compile(PREFIX + "([0-9a-z]{" + LENGTH_DIGITS + "})([0-9a-z]*)");

  private ShortForm() {}

  /** The word. */
  static String write(IceDescription description) {
    byte[] json = IceJson.format(description).getBytes(StandardCharsets.UTF_8);
    byte[] packed = deflated(json);
    ByteBuffer bytes = ByteBuffer.allocate(5 + packed.length);
    bytes.put((byte) 1).putInt((int) crc(packed, 0)).put(packed);
    String digits = new BigInteger(1, bytes.array()).toString(RADIX);
    if (digits.length() > LONGEST) {
      throw new IllegalArgumentException("too many candidates for the short form");
    }
    String length = Integer.toString(digits.length(), RADIX);
    return PREFIX + "0".repeat(LENGTH_DIGITS - length.length()) + length + digits;
  }

  /** Whether a text has such a word, whole or not. */
  static boolean isIn(String text) {
    return plain(text).contains(PREFIX);
  }

  /**
   * Reads the word out of a text that may have been broken into lines.
   *
   * @return empty if the end of it is still missing
   * @throws DamagedException if it is damaged
   */
  static Optional<IceDescription> read(String text) throws DamagedException {
    Matcher word = WORD.matcher(plain(text));
    if (!word.find()) {
      return Optional.empty();
    }
    int length = Integer.parseInt(word.group(1), RADIX);
    if (word.group(2).length() < length) {
      return Optional.empty();
    }
    if (length == 0) {
      throw damaged();
    }
    byte[] bytes = new BigInteger(word.group(2).substring(0, length), RADIX).toByteArray();
    if (bytes.length < 6 || bytes[0] != 1) {
      throw damaged();
    }
    if ((int) crc(bytes, 5) != ByteBuffer.wrap(bytes, 1, 4).getInt()) {
      throw damaged();
    }
    return Optional.of(Parsed.json(new String(inflated(bytes, 5), StandardCharsets.UTF_8)));
  }

  /** What is wrong with a word whose end never came. */
  static DamagedException cut() {
    return new DamagedException(CUT);
  }

  private static DamagedException damaged() {
    return new DamagedException("the description is damaged; copy it again, as a whole");
  }

  private static String plain(String text) {
    return INVISIBLE.matcher(text).replaceAll("").toLowerCase(Locale.ROOT);
  }

  private static long crc(byte[] bytes, int from) {
    CRC32 crc = new CRC32();
    crc.update(bytes, from, bytes.length - from);
    return crc.getValue();
  }

  private static byte[] deflated(byte[] bytes) {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    try {
      deflater.setInput(bytes);
      deflater.finish();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] buffer = new byte[1024];
      while (!deflater.finished()) {
        out.write(buffer, 0, deflater.deflate(buffer));
      }
      return out.toByteArray();
    } finally {
      deflater.end();
    }
  }

  private static byte[] inflated(byte[] bytes, int from) throws DamagedException {
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(bytes, from, bytes.length - from);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] buffer = new byte[1024];
      while (!inflater.finished()) {
        int count = inflater.inflate(buffer);
        if (count == 0 || out.size() > MOST_JSON) {
          throw damaged();
        }
        out.write(buffer, 0, count);
      }
      return out.toByteArray();
    } catch (DataFormatException e) {
      throw damaged();
    } finally {
      inflater.end();
    }
  }
}

package dev.culvert.identity;

import dev.culvert.sansio.Bytes;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.Optional;

/**
 * Bytes as letters and digits. Every text has one meaning only: what is not canonical is refused.
 */
enum TextBase {
  /** Base 58 as Bitcoin writes it. */
  B58("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"),
  /** Base 36 in small letters. */
  B36("0123456789abcdefghijklmnopqrstuvwxyz"),
  /** RFC 4648 §6 in small letters, without padding. */
  B32("abcdefghijklmnopqrstuvwxyz234567"),
  /** Zooko's base 32, for people. */
  Z32("ybndrfg8ejkmcpqxot1uwisza345h769");

  private final String alphabet;

  TextBase(String alphabet) {
    this.alphabet = alphabet;
  }

  /** Whether each letter stands for five bits; otherwise the whole is one number. */
  private boolean isOfBits() {
    return alphabet.length() == 32;
  }

  String encode(Bytes bytes) {
    return isOfBits() ? encodeBits(bytes) : encodeNumber(bytes);
  }

  /** Empty if there is a letter that none has, or bits are left over. */
  Optional<Bytes> decode(String text) {
    if (text.chars().anyMatch(letter -> alphabet.indexOf(letter) < 0)) {
      return Optional.empty();
    }
    return isOfBits() ? decodeBits(text) : Optional.of(decodeNumber(text));
  }

  private String encodeBits(Bytes bytes) {
    StringBuilder text = new StringBuilder();
    int held = 0;
    int count = 0;
    for (int i = 0; i < bytes.length(); i++) {
      held = (held << 8) | bytes.at(i);
      count += 8;
      while (count >= 5) {
        count -= 5;
        text.append(alphabet.charAt((held >> count) & 31));
      }
      held &= (1 << count) - 1;
    }
    if (count > 0) {
      text.append(alphabet.charAt((held << (5 - count)) & 31));
    }
    return text.toString();
  }

  private Optional<Bytes> decodeBits(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int held = 0;
    int count = 0;
    for (int i = 0; i < text.length(); i++) {
      held = (held << 5) | alphabet.indexOf(text.charAt(i));
      count += 5;
      if (count >= 8) {
        count -= 8;
        bytes.write(held >> count);
      }
      held &= (1 << count) - 1;
    }
    return count < 5 && held == 0 ? Optional.of(Bytes.wrap(bytes.toByteArray())) : Optional.empty();
  }

  private BigInteger base() {
    return BigInteger.valueOf(alphabet.length());
  }

  private String encodeNumber(Bytes bytes) {
    StringBuilder reversed = new StringBuilder();
    BigInteger left = new BigInteger(1, bytes.toByteArray());
    while (left.signum() > 0) {
      BigInteger[] parts = left.divideAndRemainder(base());
      reversed.append(alphabet.charAt(parts[1].intValueExact()));
      left = parts[0];
    }
    // Zeroes in front are no part of a number, so each has a letter of its own.
    for (int i = 0; i < bytes.length() && bytes.at(i) == 0; i++) {
      reversed.append(alphabet.charAt(0));
    }
    return reversed.reverse().toString();
  }

  private Bytes decodeNumber(String text) {
    BigInteger number = BigInteger.ZERO;
    int zeroes = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = alphabet.indexOf(text.charAt(i));
      number = number.multiply(base()).add(BigInteger.valueOf(digit));
      zeroes += digit == 0 && number.signum() == 0 ? 1 : 0;
    }
    byte[] magnitude = number.toByteArray();
    int from = magnitude[0] == 0 ? 1 : 0;
    return Bytes.wrap(new byte[zeroes]).concat(Bytes.wrap(magnitude).slice(from));
  }
}

package dev.culvert.lab.spec;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import java.math.BigInteger;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;

/**
 * A range of addresses such as {@code 203.0.113.0/24} or {@code 2001:db8::/32}.
 *
 * @param base its first address; the bits after the prefix are zero
 * @param length its fixed bits, 0 to 32 or 0 to 128
 */
public record Prefix(InetAddress base, int length) {

  /** Refuses lengths out of range and bases with bits beyond the prefix. */
  public Prefix {
    int bits = base.getAddress().length * 8;
    if (length < 0 || length > bits) {
      throw new IllegalArgumentException("prefix length " + length + " is not in 0.." + bits);
    }
    BigInteger rest =
        number(base).and(BigInteger.ONE.shiftLeft(bits - length).subtract(BigInteger.ONE));
    if (rest.signum() != 0) {
      throw new IllegalArgumentException(
          IpLiterals.format(base, false) + " has bits beyond its /" + length);
    }
  }

  /**
   * Reads {@code address/length}.
   *
   * @throws IllegalArgumentException if it is something else
   */
  public static Prefix parse(String text) {
    int slash = text.indexOf('/');
    if (slash > 0 && text.substring(slash + 1).matches("[0-9]{1,3}")) {
      int length = Integer.parseInt(text.substring(slash + 1));
      InetAddress base = IpLiterals.parse(text.substring(0, slash)).orElse(null);
      if (base != null) {
        return new Prefix(base, length);
      }
    }
    throw new IllegalArgumentException("'" + text + "' is not an address range like 192.0.2.0/24");
  }

  /** Whether this is IPv4. */
  public boolean isIpv4() {
    return base instanceof Inet4Address;
  }

  /**
   * The address {@code index} places after the base.
   *
   * @throws IllegalArgumentException if it lies beyond the range
   */
  public InetAddress host(long index) {
    return at(BigInteger.valueOf(index), bits());
  }

  /**
   * The range number {@code index} of {@code subLength} fixed bits within this one.
   *
   * @throws IllegalArgumentException if it lies beyond this one
   */
  public Prefix sub(int subLength, long index) {
    if (subLength < length) {
      throw new IllegalArgumentException(this + " does not hold a /" + subLength);
    }
    return new Prefix(at(BigInteger.valueOf(index), subLength), subLength);
  }

  /** How many addresses it holds, at most {@link Long#MAX_VALUE}. */
  public long size() {
    int free = bits() - length;
    return free > 62 ? Long.MAX_VALUE : 1L << free;
  }

  /** Whether {@code address} is of this family and in this range. */
  public boolean contains(InetAddress address) {
    return address.getAddress().length * 8 == bits()
        && number(address)
            .shiftRight(bits() - length)
            .equals(number(base).shiftRight(bits() - length));
  }

  @Override
  public String toString() {
    return IpLiterals.format(base, false) + "/" + length;
  }

  private int bits() {
    return base.getAddress().length * 8;
  }

  private InetAddress at(BigInteger index, int granularity) {
    if (index.signum() < 0 || index.bitLength() > granularity - length) {
      throw new IllegalArgumentException(
          "the address range " + this + " is too small for this lab");
    }
    byte[] sum = number(base).add(index.shiftLeft(bits() - granularity)).toByteArray();
    byte[] address = new byte[bits() / 8];
    int copied = Math.min(sum.length, address.length);
    System.arraycopy(
        Arrays.copyOfRange(sum, sum.length - copied, sum.length),
        0,
        address,
        address.length - copied,
        copied);
    return IpLiterals.ofBytes(Bytes.wrap(address));
  }

  private static BigInteger number(InetAddress address) {
    return new BigInteger(1, address.getAddress());
  }
}

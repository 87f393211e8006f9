package dev.culvert.sansio;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** Reads and writes IP addresses as text without ever asking a resolver. */
public final class IpLiterals {
  private IpLiterals() {}

  /** The address of four or sixteen bytes in network order; IPv4-mapped IPv6 becomes IPv4. */
  public static InetAddress ofBytes(Bytes address) {
    try {
      return InetAddress.getByAddress(address.toByteArray());
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(
          "an address has 4 or 16 bytes, not " + address.length(), e);
    }
  }

  /** The address that {@code text} spells: dotted quad, or RFC 4291 §2.2 text without a zone. */
  public static Optional<InetAddress> parse(String text) {
    byte[] bytes = text.indexOf(':') >= 0 ? parseIpv6(text) : parseIpv4(text);
    return bytes.length == 0 ? Optional.empty() : Optional.of(ofBytes(Bytes.wrap(bytes)));
  }

  /** RFC 5952 text, without a zone; {@code brackets} puts IPv6 into [] as a port wants it. */
  public static String format(InetAddress ip, boolean brackets) {
    if (!(ip instanceof Inet6Address)) {
      return ip.getHostAddress();
    }
    String text = formatIpv6(Bytes.wrap(ip.getAddress()));
    return brackets ? "[" + text + "]" : text;
  }

  private static byte[] parseIpv4(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 4) {
      return new byte[0];
    }
    byte[] bytes = new byte[4];
    for (int i = 0; i < 4; i++) {
      if (!parts[i].matches("0|[1-9][0-9]{0,2}") || Integer.parseInt(parts[i]) > 255) {
        return new byte[0];
      }
      bytes[i] = (byte) Integer.parseInt(parts[i]);
    }
    return bytes;
  }

  private static byte[] parseIpv6(String text) {
    int gap = text.indexOf("::");
    if (gap < 0) {
      byte[] all = parseGroups(text);
      return all.length == 16 ? all : new byte[0];
    }
    String head = text.substring(0, gap);
    String tail = text.substring(gap + 2);
    byte[] left = parseGroups(head);
    byte[] right = parseGroups(tail);
    boolean readable = (head.isEmpty() || left.length > 0) && (tail.isEmpty() || right.length > 0);
    if (!readable || head.indexOf('.') >= 0 || left.length + right.length > 14) {
      return new byte[0];
    }
    byte[] bytes = new byte[16];
    System.arraycopy(left, 0, bytes, 0, left.length);
    System.arraycopy(right, 0, bytes, 16 - right.length, right.length);
    return bytes;
  }

  private static byte[] parseGroups(String text) {
    String[] groups = text.split(":", -1);
    byte[] bytes = new byte[0];
    for (int i = 0; i < groups.length; i++) {
      byte[] more;
      if (i == groups.length - 1 && groups[i].indexOf('.') >= 0) {
        more = parseIpv4(groups[i]);
      } else if (groups[i].matches("[0-9a-fA-F]{1,4}")) {
        int value = Integer.parseInt(groups[i], 16);
        more = new byte[] {(byte) (value >> 8), (byte) value};
      } else {
        more = new byte[0];
      }
      if (more.length == 0 || bytes.length + more.length > 16) {
        return new byte[0];
      }
      bytes = Bytes.wrap(bytes).concat(Bytes.wrap(more)).toByteArray();
    }
    return bytes;
  }

  private static String formatIpv6(Bytes address) {
    int bestStart = -1;
    int bestLength = 1;
    for (int start = 0; start < 8; start++) {
      int end = start;
      while (end < 8 && address.uint16(2 * end) == 0) {
        end++;
      }
      if (end - start > bestLength) {
        bestStart = start;
        bestLength = end - start;
      }
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      if (i == bestStart) {
        text.append("::");
        i += bestLength - 1;
        continue;
      }
      if (text.length() > 0 && text.charAt(text.length() - 1) != ':') {
        text.append(':');
      }
      text.append(Integer.toHexString(address.uint16(2 * i)));
    }
    return text.toString();
  }
}

package dev.culvert.lab.kernel;

import dev.culvert.lab.spec.LinkSpec;
import java.util.Locale;

/**
 * A line between an interface of a node and one of its router or the Internet.
 *
 * @param number counts the cables of a lab
 */
record Cable(
    int number, String node, String device, String upper, String upperDevice, LinkSpec link) {

  /** The hardware address at the node's end. */
  String address() {
    return hardware(number, 1);
  }

  /** The hardware address at the upper end. */
  String upperAddress() {
    return hardware(number, 2);
  }

  static String hardware(int number, int end) {
    return String.format(Locale.ROOT, "02:00:00:%02x:%02x:%02x", number >> 8, number & 0xff, end);
  }
}

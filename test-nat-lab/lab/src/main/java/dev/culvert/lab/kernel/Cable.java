package dev.culvert.lab.kernel;

import dev.culvert.lab.spec.LinkSpec;
import java.util.Locale;

/**
 * A line between an interface of a node and one of its router or the Internet.
 *
 * @param number its own in a lab, for as long as the lab lives
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

  /** The wire's end of the half towards the node, where the wire has it. */
  String near() {
    return "w" + number + "a";
  }

  /** The wire's end of the half towards the upper end, where the wire has it. */
  String far() {
    return "w" + number + "b";
  }

  /** The wire's bridge between both halves, where nothing else carries frames. */
  String patch() {
    return "p" + number;
  }

  /** The same cable behaving as {@code value} says. */
  Cable withLink(LinkSpec value) {
    return new Cable(number, node, device, upper, upperDevice, value);
  }

  static String hardware(int number, int end) {
    return String.format(Locale.ROOT, "02:00:00:%02x:%02x:%02x", number >> 8, number & 0xff, end);
  }
}

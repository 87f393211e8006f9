package dev.culvert.lab.kernel;

import dev.culvert.lab.spec.LinkSpec;
import java.util.Locale;

/** Lines that a lab's wire understands. */
final class WireOrder {
  private WireOrder() {}

  static String link(Cable cable, long seed) {
    LinkSpec link = cable.link();
    return String.format(
        Locale.ROOT,
        "link %s %s %d %d %.9f %.9f %.9f %d %d",
        cable.near(),
        cable.far(),
        link.delay().toNanos(),
        link.jitter().toNanos(),
        link.loss(),
        link.duplication(),
        link.reordering(),
        link.bitsPerSecond(),
        seed + cable.number());
  }

  static String unlink(Cable cable) {
    return "unlink " + cable.near();
  }

  static String forget(String space) {
    return "forget " + space;
  }

  static String capture(String space, String devices, String file) {
    return "capture " + space + " " + devices + " " + file;
  }
}

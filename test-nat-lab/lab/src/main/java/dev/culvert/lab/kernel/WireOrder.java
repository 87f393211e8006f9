package dev.culvert.lab.kernel;

import dev.culvert.lab.spec.LinkSpec;
import java.net.InetAddress;
import java.util.HexFormat;
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

  static String neighbours(String space, InetAddress source, InetAddress target, int perSecond) {
    HexFormat hex = HexFormat.of();
    String from = hex.formatHex(source.getAddress());
    return "neighbours "
        + space
        + " "
        + from
        + " "
        + hex.formatHex(target.getAddress())
        + " "
        + perSecond;
  }
}

package dev.culvert.lab.kernel;

import dev.culvert.lab.LabException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What the machine and the user allow. */
final class Platform {
  private static final int CAP_NET_ADMIN = 12;
  private static final int CAP_SYS_ADMIN = 21;

  private Platform() {}

  static void requireLinux() throws LabException {
    String name = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    if (!name.contains("linux")) {
      throw new LabException(
          "the NAT lab needs Linux namespaces and nftables; run it on Linux or in a Linux VM");
    }
  }

  /** Whether this program runs as uid 0, whatever that may do here. */
  static boolean isRoot() {
    try {
      return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  /** Whether namespaces can be made without a user namespace around them. */
  static boolean mayMakeNamespaces() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
        if (line.startsWith("CapEff:")) {
          long caps = Long.parseUnsignedLong(line.substring("CapEff:".length()).strip(), 16);
          return (caps >> CAP_NET_ADMIN & 1) == 1 && (caps >> CAP_SYS_ADMIN & 1) == 1;
        }
      }
    } catch (IOException | NumberFormatException e) {
      return false;
    }
    return false;
  }
}

package dev.culvert.cli.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What this machine lets this process listen on.
 *
 * @param firstFreePort the lowest port that needs no right
 * @param mayBindAllPorts whether this process has that right
 * @param bindsForeignAddresses whether addresses that no interface has can be listened on
 */
record HostRules(int firstFreePort, boolean mayBindAllPorts, boolean bindsForeignAddresses) {
  private static final Pattern CAPABILITIES = Pattern.compile("(?m)^CapEff:\\s*([0-9a-f]{16})$");
  private static final int NET_BIND_SERVICE = 10;

  /** What Linux tells in /proc; where there is none, nothing is forbidden. */
  static HostRules ofThisMachine() {
    return of(Path.of("/proc"));
  }

  static HostRules of(Path proc) {
    Path ipv4 = proc.resolve("sys/net/ipv4");
    Matcher capabilities = CAPABILITIES.matcher(text(proc.resolve("self/status")));
    boolean all =
        !capabilities.find()
            || (Long.parseUnsignedLong(capabilities.group(1), 16) >> NET_BIND_SERVICE & 1) == 1;
    String first = text(ipv4.resolve("ip_unprivileged_port_start")).strip();
    return new HostRules(
        first.matches("[0-9]{1,5}") ? Integer.parseInt(first) : 1024,
        all,
        text(ipv4.resolve("ip_nonlocal_bind")).strip().equals("1"));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }
}

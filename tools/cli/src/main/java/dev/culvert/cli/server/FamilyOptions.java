package dev.culvert.cli.server;

import dev.culvert.detect.IpFamily;
import java.util.EnumSet;
import java.util.Set;
import picocli.CommandLine.Option;

/** Which versions of IP to use. */
public final class FamilyOptions {
  @Option(names = "-4", description = "IPv4 only.")
  private boolean four;

  @Option(names = "-6", description = "IPv6 only.")
  private boolean six;

  /** Those that were chosen; both where none was, or both were. */
  public Set<IpFamily> families() {
    if (four == six) {
      return EnumSet.allOf(IpFamily.class);
    }
    return EnumSet.of(four ? IpFamily.IPV4 : IpFamily.IPV6);
  }
}

package dev.culvert.cli.lab;

import dev.culvert.cli.Fault;
import dev.culvert.lab.spec.LabSpec;
import dev.culvert.lab.spec.LabSpecBuilder;
import dev.culvert.lab.spec.LinkSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which hosts a lab has, and behind what. */
final class HomeOptions {
  @Option(
      names = "--a",
      paramLabel = "PROFILE",
      description =
          "Host a, behind the NAT of this profile; 'culvert lab profiles' lists them, and"
              + " MAPPING/FILTERING/PORTS such as eim/adf/random makes another.")
  private @Nullable String a;

  @Option(names = "--b", paramLabel = "PROFILE", description = "Host b; same:a puts it beside a.")
  private @Nullable String b;

  @Option(names = "--c", paramLabel = "PROFILE", description = "Host c.")
  private @Nullable String c;

  @Option(names = "--d", paramLabel = "PROFILE", description = "Host d.")
  private @Nullable String d;

  @Option(
      names = "--host",
      paramLabel = "NAME=PROFILE",
      description = "A host with a name of its own; may be repeated.")
  private Map<String, String> hosts = new LinkedHashMap<>();

  @Option(
      names = "--link",
      paramLabel = "NAME=SPEC",
      description =
          "The line of a host or server, such as a=delay:50ms,loss:20%%,mtu:1280; may be repeated.")
  private Map<String, String> links = new LinkedHashMap<>();

  @Option(names = "--seed", paramLabel = "N", description = "Draws losses and jitter from N.")
  private long seed;

  /**
   * The lab that was described.
   *
   * @throws Fault if it cannot be
   */
  LabSpec spec() {
    LabSpecBuilder builder = LabSpec.builder().seed(seed);
    Map<String, String> all = new LinkedHashMap<>();
    List<String> letters = List.of("a", "b", "c", "d");
    @Nullable String[] profiles = {a, b, c, d};
    for (int i = 0; i < letters.size(); i++) {
      String profile = profiles[i];
      if (profile != null) {
        all.put(letters.get(i), profile);
      }
    }
    all.putAll(hosts);
    if (all.isEmpty()) {
      throw Fault.usage("the lab has no host", "put one behind a NAT: --a prc");
    }
    try {
      all.forEach(builder::home);
      links.forEach((name, link) -> builder.link(name, LinkSpec.parse(link)));
      return builder.build();
    } catch (IllegalArgumentException e) {
      throw LabFaults.usage(e);
    }
  }
}

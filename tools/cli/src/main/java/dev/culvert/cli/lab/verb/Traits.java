package dev.culvert.cli.lab.verb;

import dev.culvert.lab.spec.Filtering;
import dev.culvert.lab.spec.Mapping;
import dev.culvert.lab.spec.NatBehaviour;
import dev.culvert.lab.spec.PortAllocation;
import dev.culvert.lab.spec.Profile;
import dev.culvert.lab.spec.Traffic;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * What a way to the Internet is, or is found to be, in the words of {@code culvert.check/1}. A word
 * is empty where it means nothing, and {@code unknown} where it was not found out.
 *
 * @param udp {@code open} or {@code blocked}
 * @param nat {@code true} or {@code false}
 * @param layers the number of NATs
 * @param mapping RFC 4787 §4.1
 * @param filtering RFC 4787 §5
 */
public record Traits(String udp, String nat, String layers, String mapping, String filtering) {
  private static final String UNKNOWN = "unknown";

  /** What the hosts of a profile must find: the hardest of the routers in a row decides. */
  public static Traits of(Profile profile) {
    List<NatBehaviour> routers = profile.routers();
    if (routers.stream().anyMatch(router -> router.traffic() != Traffic.ALL)) {
      return new Traits("blocked", "", "", "", "");
    }
    long layers = routers.stream().filter(NatBehaviour::translates).count();
    String mapping =
        routers.stream()
            .map(Traits::mapping)
            .max(Comparator.naturalOrder())
            .filter(hardest -> hardest != Mapping.NONE)
            .map(Mapping::words)
            .orElse("");
    String filtering =
        routers.stream()
            .map(NatBehaviour::filtering)
            .max(Comparator.naturalOrder())
            .filter(hardest -> hardest != Filtering.NONE)
            .orElse(Filtering.ENDPOINT_INDEPENDENT)
            .words();
    return new Traits(
        "open", String.valueOf(layers > 0), String.valueOf(layers), mapping, filtering);
  }

  /** A host alone behind a NAT that overloads ports sees the same one for all destinations. */
  private static Mapping mapping(NatBehaviour router) {
    return router.translates() && router.ports().kind() == PortAllocation.Kind.OVERLOADING
        ? Mapping.ENDPOINT_INDEPENDENT
        : router.mapping();
  }

  /** What a check found over IPv4, by the fields of its JSON. */
  public static Traits found(Map<String, String> fields) {
    String udp = fields.getOrDefault("udp", UNKNOWN);
    if (!udp.equals("open")) {
      return new Traits(udp, "", "", "", "");
    }
    String nat = fields.getOrDefault("ipv4.nat", UNKNOWN);
    return new Traits(
        udp,
        nat,
        fields.getOrDefault("ipv4.layers", UNKNOWN),
        nat.equals("false") ? "" : fields.getOrDefault("ipv4.mapping", UNKNOWN),
        fields.getOrDefault("ipv4.filtering", UNKNOWN));
  }

  /** Whether this is what is found right: all of it, save that the layers may be left unknown. */
  public boolean isRightFor(Traits truth) {
    return udp.equals(truth.udp)
        && nat.equals(truth.nat)
        && mapping.equals(truth.mapping)
        && filtering.equals(truth.filtering)
        && (layers.equals(truth.layers) || layers.equals(UNKNOWN) || layers.equals("null"));
  }

  /** The traits in a few words. */
  public String words() {
    if (!udp.equals("open")) {
      return "UDP " + udp;
    }
    String translation =
        switch (nat) {
          case "true" -> "mapping " + mapping;
          case "false" -> "no NAT";
          default -> "NAT unknown";
        };
    return translation + ", filtering " + filtering;
  }
}

package dev.culvert.lab.kernel;

import dev.culvert.lab.LabException;
import dev.culvert.lab.spec.LabSpec;
import dev.culvert.lab.spec.NatBehaviour;
import dev.culvert.lab.spec.NatOptions;
import dev.culvert.lab.spec.Refresh;
import dev.culvert.lab.spec.RouterSpec;
import dev.culvert.lab.spec.UnsolicitedSyn;
import java.util.ArrayList;
import java.util.List;

/** What a specification may ask for and the kernel's NATs cannot do. */
public final class KernelLimits {
  private static final int MOST_MAPPINGS = 30_000;

  private KernelLimits() {}

  /** One line for people for each; empty if the kernel can do all of it. */
  public static List<String> of(LabSpec spec) {
    List<String> limits = new ArrayList<>();
    for (RouterSpec router : spec.routers()) {
      of(router.behaviour()).forEach(limit -> limits.add(router.name() + ": " + limit));
    }
    return limits;
  }

  /**
   * Refuses a specification that has any, in one line for people.
   *
   * @param changeable whether the lab is to have what a changeable one has
   */
  public static void check(LabSpec spec, boolean changeable) throws LabException {
    List<String> limits = new ArrayList<>(of(spec));
    for (RouterSpec router : spec.routers()) {
      add(
          limits,
          limits.isEmpty()
              && !changeable
              && router.behaviour().options().pool().neighboursPerSecond() > 0,
          router.name() + ": only a lab that may change has neighbours");
    }
    if (!limits.isEmpty()) {
      throw new LabException("not in the kernel's lab: " + String.join("; ", limits));
    }
  }

  private static List<String> of(NatBehaviour behaviour) {
    List<String> limits = new ArrayList<>();
    NatOptions options = behaviour.options();
    add(limits, options.nat64(), "the kernel has no NAT64");
    add(
        limits,
        options.packets().rewritesPayload(),
        "the kernel replaces no addresses inside of datagrams");
    add(
        limits,
        behaviour.ports().keepsParity(),
        "the kernel cannot choose ports by whether they are even");
    add(
        limits,
        behaviour.ports().block() > 0,
        "the kernel cannot give each inside host ports of its own in blocks");
    long mappings = options.pool().neighboursPerSecond() * behaviour.timeout().toSeconds();
    add(
        limits,
        mappings > MOST_MAPPINGS,
        "the kernel's maps hold " + MOST_MAPPINGS + " mappings of neighbours, not " + mappings);
    add(
        limits,
        options.refresh() == Refresh.INBOUND,
        "the kernel's connections are kept alive by packets from inside");
    add(
        limits,
        options.tcp().unsolicited() == UnsolicitedSyn.ICMP,
        "the kernel cannot wait before it answers a SYN");
    add(
        limits,
        !behaviour.translates() && options.tcp().unsolicited() == UnsolicitedSyn.RESET,
        "a firewall of the kernel is silent to a SYN");
    return limits;
  }

  private static void add(List<String> limits, boolean asked, String limit) {
    if (asked) {
      limits.add(limit);
    }
  }
}

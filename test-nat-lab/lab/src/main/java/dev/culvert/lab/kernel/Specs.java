package dev.culvert.lab.kernel;

import dev.culvert.lab.spec.HostSpec;
import dev.culvert.lab.spec.LabSpec;
import dev.culvert.lab.spec.LinkSpec;
import java.util.function.UnaryOperator;

/** What a lab would have been built from, had it been from the start as it is now. */
final class Specs {
  private Specs() {}

  static LabSpec moved(LabSpec spec, String host, String uplink) {
    return hosts(
        spec,
        one ->
            one.name().equals(host)
                ? new HostSpec(host, uplink, one.addresses(), one.perFamily(), one.link())
                : one);
  }

  static LabSpec relinked(LabSpec spec, String name, LinkSpec link) {
    LabSpec changed = hosts(spec, one -> one.name().equals(name) ? one.withLink(link) : one);
    return new LabSpec(
        changed.addresses(),
        changed.routers().stream()
            .map(one -> one.name().equals(name) ? one.withLink(link) : one)
            .toList(),
        changed.hosts(),
        changed.impairment(),
        changed.seed());
  }

  private static LabSpec hosts(LabSpec spec, UnaryOperator<HostSpec> change) {
    return new LabSpec(
        spec.addresses(),
        spec.routers(),
        spec.hosts().stream().map(change).toList(),
        spec.impairment(),
        spec.seed());
  }
}

package dev.culvert.session.meet;

import dev.culvert.detect.Behaviour;
import dev.culvert.detect.Finding;
import dev.culvert.detect.PathReport;
import dev.culvert.detect.PortAllocation;
import dev.culvert.punch.Dependence;
import dev.culvert.punch.NatTraits;
import dev.culvert.punch.PortRule;
import dev.culvert.punch.PortSighting;
import dev.culvert.sansio.TransportAddress;
import java.time.Duration;
import java.util.Optional;

/** A measured path in the words of those who punch. */
final class NatView {
  private NatView() {}

  /**
   * What a report says to them; empty if no server told where this host is.
   *
   * @param compared whether servers at several addresses were asked
   */
  static Optional<NatTraits> of(PathReport report, boolean compared) {
    return report.reflexive().value().map(seen -> of(report, compared, seen));
  }

  private static NatTraits of(PathReport report, boolean compared, TransportAddress seen) {
    boolean translated = !report.nat().is(false);
    return new NatTraits(
        seen,
        translated,
        translated ? mapping(report, compared) : Dependence.ENDPOINT_INDEPENDENT,
        dependence(report.filtering()),
        ports(report.ports()),
        Optional.of(new PortSighting(seen.port(), Duration.ZERO)));
  }

  /**
   * Servers at several addresses that agree prove that it does not matter who is asked; where they
   * prove nothing, they did not agree.
   */
  private static Dependence mapping(PathReport report, boolean compared) {
    Dependence known = dependence(report.mapping());
    boolean disagree = compared && report.mapping().reason().isPresent();
    return known == Dependence.UNKNOWN && disagree ? Dependence.ADDRESS_AND_PORT : known;
  }

  private static Dependence dependence(Finding<Behaviour> finding) {
    return finding
        .value()
        .map(
            its ->
                switch (its) {
                  case ENDPOINT_INDEPENDENT -> Dependence.ENDPOINT_INDEPENDENT;
                  case ADDRESS_DEPENDENT -> Dependence.ADDRESS;
                  case ADDRESS_AND_PORT_DEPENDENT -> Dependence.ADDRESS_AND_PORT;
                })
        .orElse(Dependence.UNKNOWN);
  }

  private static PortRule ports(Finding<PortAllocation> finding) {
    return finding
        .value()
        .map(
            its ->
                switch (its.pattern()) {
                  case PRESERVING -> PortRule.preserving();
                  case SEQUENTIAL -> PortRule.sequential(its.step(), 0);
                  case RANDOM -> PortRule.random();
                })
        .orElse(PortRule.unknown());
  }
}

package dev.culvert.detect;

import dev.culvert.detect.Verdict.Grade;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Puts a whole report into words. */
final class VerdictWriter {
  private VerdictWriter() {}

  static Verdict write(NatReport report) {
    Optional<PathVerdict> four = best(report, IpFamily.IPV4);
    Optional<PathVerdict> six = best(report, IpFamily.IPV6);
    if (!report.hasNetwork()) {
      return new Verdict(
          Grade.INCONCLUSIVE,
          "This host has no usable network: no address that a packet could leave from.",
          List.of("Connect this host to a network, then try again."));
    }
    if (four.isEmpty() && six.isEmpty()) {
      return new Verdict(
          Grade.INCONCLUSIVE,
          "Nothing could be measured: " + report.udp().reason().orElse("nobody was asked") + ".",
          List.of(
              "Check that this host is online and that its name server answers.",
              "Name other servers with --server, by IP address if need be."));
    }
    if (four.isEmpty() || six.isEmpty()) {
      PathVerdict only = four.or(() -> six).orElseThrow();
      return new Verdict(only.grade(), only.summary(), firstThree(only.actions()));
    }
    return both(four.get(), six.get());
  }

  private static Optional<PathVerdict> best(NatReport report, IpFamily family) {
    return report.paths().stream()
        .filter(path -> path.family() == family)
        .filter(path -> path.local().reason().isEmpty())
        .map(path -> PathVerdict.of(path, report))
        .min(Comparator.comparing(PathVerdict::grade));
  }

  private static Verdict both(PathVerdict four, PathVerdict six) {
    boolean fourWorks = four.grade().compareTo(Grade.RELAY_ONLY) <= 0;
    boolean sixWorks = six.grade().compareTo(Grade.RELAY_ONLY) <= 0;
    List<String> actions = new ArrayList<>(four.actions());
    if (fourWorks && sixWorks) {
      String over6 =
          six.grade() == Grade.GOOD
              ? " Over IPv6: direct with most peers that have it too."
              : " Over IPv6: " + six.summary();
      return new Verdict(four.grade(), "Over IPv4: " + four.summary() + over6, firstThree(actions));
    }
    if (fourWorks) {
      String over6 =
          six.grade() == Grade.BLOCKED ? " UDP over IPv6 is blocked." : " IPv6 told nothing.";
      return new Verdict(four.grade(), four.summary() + over6, firstThree(actions));
    }
    actions.addAll(six.actions());
    if (sixWorks) {
      // Direct over IPv6 alone leaves out every peer that has none.
      Grade grade = six.grade() == Grade.GOOD ? Grade.HARD : six.grade();
      return new Verdict(
          grade,
          "Over IPv4: " + four.summary() + " Over IPv6, with peers that have it: " + six.summary(),
          firstThree(actions));
    }
    PathVerdict told = four.grade() == Grade.BLOCKED ? four : six;
    if (told.grade() == Grade.BLOCKED && four.grade() != six.grade()) {
      return new Verdict(told.grade(), told.summary(), firstThree(told.actions()));
    }
    return new Verdict(four.grade(), four.summary(), firstThree(actions));
  }

  private static List<String> firstThree(List<String> actions) {
    return actions.stream().distinct().limit(3).toList();
  }
}

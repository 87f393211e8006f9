package dev.culvert.detect;

import java.util.HashSet;
import java.util.Queue;
import java.util.Set;

/** Tells each thing once, as soon as it is known. */
final class Narrator {
  private final Queue<DetectEvent> events;
  private final Set<String> told = new HashSet<>();

  Narrator(Queue<DetectEvent> events) {
    this.events = events;
  }

  void tell(PathReport path) {
    String where = path.family() + (path.label().isEmpty() ? "" : " over " + path.label());
    tell(where, "UDP", path.udp());
    tell(where, "NAT", path.nat().map(nat -> nat ? "yes" : "no"));
    tell(where, "mapping", path.mapping());
    tell(where, "filtering", path.filtering());
    tell(where, "ports", path.ports());
    tell(where, "hairpinning", path.hairpinning().map(hairpins -> hairpins ? "yes" : "no"));
    tell(where, "lifetime", path.lifetime().map(life -> life.toSeconds() + " s"));
  }

  private void tell(String where, String what, Finding<?> finding) {
    if (finding.value().isPresent() && told.add(where + what)) {
      events.add(new DetectEvent.Progress(where + ": " + what + " " + finding));
    }
  }
}

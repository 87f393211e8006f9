package dev.culvert.cli.check;

import dev.culvert.cli.Mark;
import dev.culvert.detect.Behaviour;
import dev.culvert.detect.Finding;
import dev.culvert.detect.PathReport;
import dev.culvert.detect.PortAllocation;
import dev.culvert.detect.UdpReach;
import dev.culvert.sansio.IpLiterals;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Puts what was found on one path into lines for people. */
final class PathFacts {
  private static final Duration SHORT_LIFE = Duration.ofSeconds(30);

  private final PathReport path;
  private final List<Fact> facts = new ArrayList<>();

  private PathFacts(PathReport path) {
    this.path = path;
  }

  static List<Fact> of(PathReport path) {
    PathFacts lines = new PathFacts(path);
    lines.reach();
    if (path.udp().is(UdpReach.OPEN)) {
      lines.behaviour();
      lines.extras();
    }
    return lines.facts;
  }

  private void reach() {
    facts.add(Fact.of("UDP", path.udp(), "", reach -> reach == UdpReach.OPEN ? open() : blocked()));
    second("TCP", path.tcp());
    second("TLS", path.tls());
    facts.add(Fact.of("local", path.local(), "", ip -> Fact.plain("local", ip.toString(), "")));
  }

  private static Fact open() {
    return Fact.judged(Mark.GOOD, "UDP", "open", "servers answer");
  }

  private static Fact blocked() {
    return Fact.judged(
        Mark.BAD, "UDP", "blocked", "servers answer, but not over UDP: peers need a relay");
  }

  private void second(String label, Finding<Boolean> answered) {
    if (answered.value().isPresent() || answered.reason().isPresent()) {
      facts.add(
          Fact.of(
              label,
              answered,
              "",
              yes ->
                  yes
                      ? Fact.judged(Mark.GOOD, label, "open", "a server answers")
                      : Fact.judged(Mark.BAD, label, "closed", "no server answers")));
    }
  }

  private void behaviour() {
    facts.add(
        Fact.of(
            "reflexive",
            path.reflexive(),
            "",
            ip -> Fact.plain("reflexive", ip.toString(), "the same socket as servers see it")));
    facts.add(Fact.of("NAT", path.nat(), "", this::nat));
    facts.add(
        Fact.of(
            "firewall",
            path.firewall(),
            "",
            yes ->
                yes
                    ? Fact.plain("firewall", "yes", "packets that nobody asked for are dropped")
                    : Fact.plain("firewall", "no", "packets come in unasked")));
    boolean translated = !path.nat().is(false);
    if (translated) {
      facts.add(Fact.of("mapping", path.mapping(), "", PathFacts::mapping));
    }
    facts.add(Fact.of("filtering", path.filtering(), "", PathFacts::filtering));
    if (translated) {
      facts.add(Fact.of("ports", path.ports(), "", PathFacts::ports));
      facts.add(Fact.of("hairpinning", path.hairpinning(), "", PathFacts::hairpinning));
    }
    facts.add(
        Fact.of("lifetime", path.lifetime(), "--full measures it, which is slow", this::lifetime));
  }

  private Fact nat(boolean yes) {
    if (!yes) {
      return Fact.plain("NAT", "no", "servers see the local address");
    }
    String number =
        path.layers()
            .value()
            .map(layers -> layers == 1 ? "yes" : "yes, " + layers + " layers")
            .orElse("yes");
    boolean several = path.layers().value().filter(layers -> layers > 1).isPresent();
    String meaning =
        several
            ? "a NAT behind a NAT, such as a carrier's (CGNAT)"
            : path.layers().reason().map(why -> "how many is unknown: " + why).orElse("");
    return Fact.plain("NAT", number, meaning);
  }

  private static Fact mapping(Behaviour mapping) {
    return switch (mapping) {
      case ENDPOINT_INDEPENDENT ->
          Fact.judged(
              Mark.GOOD, "mapping", mapping.toString(), "one external address for all peers");
      case ADDRESS_DEPENDENT ->
          Fact.judged(
              Mark.FAIR, "mapping", mapping.toString(), "another external address for each host");
      case ADDRESS_AND_PORT_DEPENDENT ->
          Fact.judged(
              Mark.FAIR, "mapping", mapping.toString(), "another external address for each peer");
    };
  }

  private static Fact filtering(Behaviour filtering) {
    return switch (filtering) {
      case ENDPOINT_INDEPENDENT ->
          Fact.judged(
              Mark.GOOD,
              "filtering",
              filtering.toString(),
              "anybody gets in who knows the external address");
      case ADDRESS_DEPENDENT ->
          Fact.judged(
              Mark.GOOD,
              "filtering",
              filtering.toString(),
              "hosts that were sent to get in, from any port");
      case ADDRESS_AND_PORT_DEPENDENT ->
          Fact.judged(
              Mark.FAIR,
              "filtering",
              filtering.toString(),
              "only the very address and port that was sent to gets in");
    };
  }

  private static Fact ports(PortAllocation ports) {
    return switch (ports.pattern()) {
      case PRESERVING -> Fact.plain("ports", ports.toString(), "the local port while it is free");
      case SEQUENTIAL -> Fact.plain("ports", ports.toString(), "the next one can be guessed");
      case RANDOM -> Fact.plain("ports", ports.toString(), "the next one cannot be guessed");
    };
  }

  private static Fact hairpinning(boolean yes) {
    return yes
        ? Fact.judged(
            Mark.GOOD, "hairpinning", "yes", "neighbours meet by their external addresses")
        : Fact.judged(
            Mark.FAIR, "hairpinning", "no", "neighbours behind the same NAT meet locally only");
  }

  private Fact lifetime(Duration lifetime) {
    boolean longer = path.outlivesTest().is(true);
    return Fact.judged(
        lifetime.compareTo(SHORT_LIFE) < 0 && !longer ? Mark.FAIR : Mark.GOOD,
        "lifetime",
        (longer ? "at least " : "") + lifetime.toSeconds() + " s",
        "a silent mapping lives that long");
  }

  private void extras() {
    if (path.pairedAddress().is(false)) {
      facts.add(
          Fact.judged(Mark.BAD, "address", "changes", "the NAT uses several external addresses"));
    }
    if (path.payloadRewriting().is(true)) {
      facts.add(
          Fact.judged(
              Mark.BAD, "rewriting", "yes", "something changes addresses inside packets (ALG)"));
    }
    size("large", path.largeRequests(), "packets of nearly 1500 bytes");
    size("fragments", path.fragmentedRequests(), "packets in fragments");
    path.gatewayAddress()
        .value()
        .ifPresent(
            ip ->
                facts.add(
                    Fact.plain("router", IpLiterals.format(ip, false), "its own outside address")));
  }

  private void size(String label, Finding<Boolean> passed, String what) {
    if (passed.value().isPresent() || passed.reason().isPresent()) {
      facts.add(
          Fact.of(
              label,
              passed,
              "",
              yes ->
                  yes
                      ? Fact.judged(Mark.GOOD, label, "pass", what + " get through")
                      : Fact.judged(Mark.BAD, label, "lost", what + " do not get through")));
    }
  }
}

package dev.culvert.detect;

import dev.culvert.detect.PortAllocation.Pattern;
import dev.culvert.detect.ServerReport.Rfc5780;
import dev.culvert.detect.Verdict.Grade;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What one path of a report means for meeting peers. */
record PathVerdict(Grade grade, String summary, List<String> actions) {
  /** Shorter silences than this make keepalives worth a word (RFC 4787 REQ-5 asks for 2 min). */
  private static final Duration SHORT_LIFE = Duration.ofSeconds(30);

  static PathVerdict of(PathReport path, NatReport report) {
    if (path.udp().is(UdpReach.BLOCKED)) {
      return blocked(path);
    }
    if (!path.udp().is(UdpReach.OPEN)) {
      return silent(path);
    }
    if (path.nat().is(false)) {
      return withoutNat(path);
    }
    if (path.mapping().value().isPresent()) {
      return behindNat(path, path.mapping().value().get());
    }
    // It depends on the destination; on what of it makes no difference to most peers.
    return path.consistent().is(false)
        ? behindNat(path, Behaviour.ADDRESS_DEPENDENT)
        : undecided(path, report);
  }

  private static PathVerdict blocked(PathReport path) {
    String over = path.tls().is(true) && !path.tcp().is(true) ? "TLS" : "TCP";
    return new PathVerdict(
        Grade.BLOCKED,
        "UDP is blocked: servers answer over "
            + over
            + " but not over UDP, so peers can be met only through a relay that is reached over "
            + over
            + ".",
        List.of(
            "Ask whoever runs this network or its firewall to let UDP out.",
            "Use a TURN relay over TCP or TLS, best on port 443.",
            "Try from another network, for example a mobile phone's."));
  }

  private static PathVerdict silent(PathReport path) {
    String reason = path.udp().reason().orElse("nothing was measured");
    return new PathVerdict(
        Grade.INCONCLUSIVE,
        "No server was heard over " + path.family() + ": " + reason + ".",
        List.of(
            "Check that this host is online.",
            "Name other servers with --server; culvert servers check tells which ones work."));
  }

  private static PathVerdict withoutNat(PathReport path) {
    if (path.firewall().is(false)) {
      return new PathVerdict(
          Grade.GOOD, "No NAT and no firewall: any peer can reach this host directly.", List.of());
    }
    String walled = path.firewall().is(true) ? "No NAT, only a firewall" : "No NAT";
    return new PathVerdict(
        Grade.GOOD,
        walled + ": direct with open peers and by hole punching; " + hardPeers(path) + ".",
        List.of());
  }

  private static PathVerdict behindNat(PathReport path, Behaviour mapping) {
    if (mapping == Behaviour.ENDPOINT_INDEPENDENT) {
      String start =
          path.filtering().is(Behaviour.ENDPOINT_INDEPENDENT)
              ? "A friendly NAT: any peer that is told the external address can reach this host"
              : "A NAT that hole punching passes: direct with open peers and with those whose"
                  + " external address does not depend on whom they talk to";
      return new PathVerdict(
          Grade.GOOD, start + "; " + hardPeers(path) + "." + layersNote(path), keepalive(path));
    }
    boolean manyAddresses = path.pairedAddress().is(false);
    if (manyAddresses
        && mapping == Behaviour.ADDRESS_AND_PORT_DEPENDENT
        && !path.filtering().is(Behaviour.ENDPOINT_INDEPENDENT)) {
      return new PathVerdict(
          Grade.RELAY_ONLY,
          "A NAT that changes even the external IP address from one peer to the next: only peers"
              + " that accept packets from anybody can be met directly, all others through a relay."
              + layersNote(path),
          wayOut(path));
    }
    String ports =
        path.ports().value().filter(found -> found.pattern() != Pattern.RANDOM).isPresent()
            ? " Its ports follow a rule, so guessing the next one may help."
            : "";
    return new PathVerdict(
        Grade.HARD,
        "A hard NAT: the external address depends on whom this host talks to. Direct with open"
            + " peers and with those that accept any port of an address they sent to; with peers"
            + " that check the port too, and with other hard ones, through a relay."
            + ports
            + layersNote(path),
        wayOut(path));
  }

  private static PathVerdict undecided(PathReport path, NatReport report) {
    String reason = path.mapping().reason().orElse("mapping was not measured");
    List<String> actions = new ArrayList<>();
    boolean liar =
        report.servers().stream().anyMatch(server -> server.rfc5780().is(Rfc5780.DISHONEST));
    if (liar) {
      actions.add("Leave out the servers that are marked dishonest.");
    }
    actions.add("Name two servers at different addresses with --server.");
    actions.add("culvert servers check tells which servers can be relied on.");
    return new PathVerdict(
        Grade.INCONCLUSIVE,
        "UDP works, but how well peers can be met is not known: " + reason + ".",
        actions);
  }

  private static String hardPeers(PathReport path) {
    return path.filtering()
        .value()
        .map(
            filtering ->
                filtering == Behaviour.ADDRESS_AND_PORT_DEPENDENT
                    ? "peers behind a hard NAT mostly through a relay"
                    : "peers behind a hard NAT too")
        .orElse("peers behind a hard NAT perhaps through a relay");
  }

  private static String layersNote(PathReport path) {
    return path.layers().value().filter(layers -> layers > 1).isPresent()
        ? " There is more than one NAT on the way, so a port opened on the nearest one is not"
            + " enough."
        : "";
  }

  private static List<String> keepalive(PathReport path) {
    return path.lifetime()
        .value()
        .filter(life -> life.compareTo(SHORT_LIFE) < 0)
        .map(life -> Math.max(1, life.toSeconds() * 3 / 4))
        .map(every -> List.of("Send a keepalive at least every " + every + " s."))
        .orElse(List.of());
  }

  private static List<String> wayOut(PathReport path) {
    List<String> actions = new ArrayList<>();
    if (path.layers().value().filter(layers -> layers > 1).isPresent()) {
      actions.add("Ask the provider for a public IPv4 address, or use IPv6.");
    } else {
      actions.add("Turn on port mapping (PCP, NAT-PMP or UPnP) in the router, or forward a port.");
    }
    actions.add("Have a TURN relay ready for the peers that cannot be met directly.");
    actions.addAll(keepalive(path));
    return actions;
  }
}

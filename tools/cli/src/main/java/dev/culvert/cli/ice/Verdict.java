package dev.culvert.cli.ice;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One cause why a connection failed or is relayed, and one thing to do next.
 *
 * @param code for programs, one word with hyphens
 * @param cause one line for people
 * @param action the next step, one line for people; empty if there is none
 */
record Verdict(String code, String cause, String action) {

  /** What a story comes to; empty if it is direct, or has no end. */
  static Optional<Verdict> of(Story story) {
    return switch (story.outcome()) {
      case "relayed" -> Optional.of(relayed(story));
      case "unreachable" -> Optional.of(failed(story));
      case "unknown" -> unfinished(story);
      default -> Optional.empty();
    };
  }

  private static Optional<Verdict> unfinished(Story story) {
    return story.at("described-own").isPresent() && story.at("described-peer").isEmpty()
        ? Optional.of(nobody())
        : Optional.of(
            new Verdict(
                "cut-off", "the trace ends before the connection did", "let it come to its end"));
  }

  private static Verdict nobody() {
    return new Verdict(
        "no-description",
        "the other side's description never came",
        "give it the one that was printed, and paste here what it prints; --wait gives more time");
  }

  private static Verdict relayed(Story story) {
    if (story.policy().equals("relay-only")) {
      return new Verdict(
          "policy", "--policy relay-only was asked for", "leave it out to try direct paths");
    }
    if (isUdpBlocked(story)) {
      return new Verdict(
          "udp-blocked",
          "no UDP leaves this network: no server answered over it",
          "have the firewall let UDP out, or leave it relayed");
    }
    return ofNats(story)
        .orElseGet(
            () ->
                new Verdict(
                    "nats",
                    "neither side's NAT let a direct check of the other in",
                    "run 'culvert check' on both sides; where it says hard, forward a UDP port"));
  }

  /** What the NATs did, as far as this side can see. */
  private static Optional<Verdict> ofNats(Story story) {
    if (mapsByDestination(story)) {
      return Optional.of(
          new Verdict(
              "own-nat-maps-by-destination",
              "this side's NAT gives each destination another port, so what was told does not hold",
              "forward a UDP port on it, or use another network on this side"));
    }
    if (peersNatMaps(story)) {
      return Optional.of(
          new Verdict(
              "peers-nat-maps-by-destination",
              "the other side's NAT gives each destination another port, so what it told does not"
                  + " hold",
              "forward a UDP port on it, or use another network on that side"));
    }
    return Optional.empty();
  }

  private static Verdict failed(Story story) {
    if (story.own().isEmpty()) {
      return new Verdict(
          "no-network", "this host has no address to be reached at", "connect it to a network");
    }
    if (story.at("path").isPresent()) {
      return new Verdict(
          "lost",
          "there was a path, and then the other side fell silent on all of them",
          "see whether it is still running and online, and begin anew");
    }
    Optional<Verdict> told =
        switch (story.cause()) {
          case "policy" ->
              Optional.of(
                  new Verdict(
                      "policy",
                      "the other side has only a relay, and --policy direct-only leaves that out",
                      "leave --policy out"));
          case "nothing-in-common" ->
              Optional.of(
                  new Verdict(
                      "nothing-in-common",
                      "the two sides have no kind of address in common",
                      "leave out -4 and -6, or give both a relay with --turn"));
          case "no-local-candidates" ->
              Optional.of(
                  new Verdict(
                      "no-candidates",
                      "the policy leaves out all that this host has",
                      "name a relay that works with --turn, or leave --policy out"));
          case "no-remote-candidates" ->
              Optional.of(
                  new Verdict(
                      "no-candidates",
                      "the other side told no address to be reached at",
                      "see what 'culvert ice gather' finds there"));
          case "peer-gave-up" ->
              Optional.of(
                  new Verdict("peer-gave-up", "the other side gave up", "look at its trace, too"));
          default -> Optional.empty();
        };
    return told.orElseGet(
        () -> story.at("described-peer").isEmpty() ? nobody() : unanswered(story));
  }

  private static Verdict unanswered(Story story) {
    boolean heard = story.at("check-received").isPresent();
    if (!heard && story.rejected() > 0) {
      return new Verdict(
          "stale-description",
          "checks came that belong to another description",
          "begin anew on both sides, and paste what they print last");
    }
    if (isUdpBlocked(story)) {
      return new Verdict(
          "udp-blocked",
          "no UDP leaves this network: no server answered over it",
          "name a relay that is reached over TCP: --turn turn:HOST?transport=tcp");
    }
    if (!story.hasOwn("relay") && !story.hasPeers("relay")) {
      String cause =
          ofNats(story).map(Verdict::cause).orElse("the NATs let each other's checks not in");
      return new Verdict(
          "no-relay",
          cause + ", and neither side has a relay",
          "give one side a relay with --turn");
    }
    return heard
        ? new Verdict(
            "one-way",
            "checks of the other side come in, but nothing that is sent back arrives there",
            "see whether a firewall on this side or that keeps answers back")
        : new Verdict(
            "silence",
            "nothing of the other side came in, not even through the relay",
            "see whether it is still running, with the latest description");
  }

  /** No server answered over UDP, though some were asked. */
  private static boolean isUdpBlocked(Story story) {
    Set<ServerStory> overUdp =
        story.servers().stream()
            .filter(server -> !server.isRelay() || !server.server().contains("transport=tcp"))
            .filter(server -> !server.server().startsWith("turns:"))
            .collect(Collectors.toSet());
    return !overUdp.isEmpty() && overUdp.stream().allMatch(each -> each.tookMillis().isEmpty());
  }

  /** Servers, or the other side, saw one socket of this side at different ports. */
  private static boolean mapsByDestination(Story story) {
    Set<String> reflexive =
        story.shown().stream()
            .map(pair -> pair.substring(pair.indexOf(' ') + 1))
            .collect(Collectors.toSet());
    boolean byServers =
        story.shown().stream()
                .map(pair -> pair.substring(0, pair.indexOf(' ')) + " " + ip(pair))
                .distinct()
                .count()
            < story.shown().size();
    boolean byPeer =
        story.mapped().stream()
            .filter(seen -> !story.own().contains(seen))
            .anyMatch(seen -> reflexive.stream().anyMatch(each -> ip(each).equals(ip(seen))));
    return byServers || byPeer;
  }

  /** Its checks come from an address that it told, but from another port. */
  private static boolean peersNatMaps(Story story) {
    return story.pairs().stream()
        .map(PairStory::remote)
        .filter(remote -> remote.startsWith("prflx "))
        .map(remote -> remote.substring(remote.lastIndexOf(' ') + 1))
        .filter(address -> !story.peers().contains(address))
        .anyMatch(address -> story.peers().stream().anyMatch(told -> ip(told).equals(ip(address))));
  }

  private static String ip(String address) {
    String last = address.substring(address.lastIndexOf(' ') + 1);
    int colon = last.lastIndexOf(':');
    return colon < 0 ? last : last.substring(0, colon);
  }
}

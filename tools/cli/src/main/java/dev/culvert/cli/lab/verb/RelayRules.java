package dev.culvert.cli.lab.verb;

import dev.culvert.turn.server.IpPrefix;
import dev.culvert.turn.server.PeerPolicy;
import dev.culvert.turn.server.TurnLimits;
import dev.culvert.turn.server.TurnServerConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What a relay of a lab does otherwise than usual.
 *
 * @param allowed ranges of peers that it relays to besides its own clients; nobody in a lab has an
 *     address of the public Internet
 * @param denied ranges of peers that it does not relay to
 * @param password of its one user
 * @param nonceLife how long a nonce is taken
 * @param lifetime how long an allocation stands without a refresh
 */
record RelayRules(
    List<IpPrefix> allowed,
    List<IpPrefix> denied,
    String password,
    Duration nonceLife,
    Duration lifetime) {
  /** The options that {@link #of} reads. */
  static final Set<String> OPTIONS =
      Set.of("--allow-peer", "--deny-peer", "--password", "--nonce-lifetime", "--lifetime");

  private static final Duration HOUR = Duration.ofHours(1);

  /** Refuses what no relay does. */
  RelayRules {
    if (isOut(nonceLife)) {
      throw new IllegalArgumentException("--nonce-lifetime is 1s to 1h");
    }
    if (isOut(lifetime)) {
      throw new IllegalArgumentException("--lifetime is 1s to 1h");
    }
  }

  private static boolean isOut(Duration time) {
    return time.toSeconds() < 1 || time.compareTo(HOUR) > 0;
  }

  /**
   * What a verb's arguments say.
   *
   * @throws IllegalArgumentException with one line for people
   */
  static RelayRules of(VerbArguments given) {
    return new RelayRules(
        ranges("--allow-peer", given.values("--allow-peer")),
        ranges("--deny-peer", given.values("--deny-peer")),
        given.value("--password").orElse(LabUser.PASSWORD),
        given.duration("--nonce-lifetime", HOUR),
        given.duration("--lifetime", TurnServerConfig.STANDARD_LIFETIME));
  }

  private static List<IpPrefix> ranges(String option, List<String> texts) {
    return texts.stream()
        .map(
            text ->
                IpPrefix.parse(text)
                    .orElseThrow(
                        () ->
                            new IllegalArgumentException(
                                option + " '" + text + "' is no range; write 192.0.2.0/24")))
        .toList();
  }

  /** For the engine. */
  TurnServerConfig config() {
    PeerPolicy policy = PeerPolicy.standard();
    for (IpPrefix range : allowed) {
      policy = policy.allowing(range);
    }
    for (IpPrefix range : denied) {
      policy = policy.denying(range);
    }
    return new TurnServerConfig(
        policy, TurnLimits.STANDARD, lifetime, longest(), true, false, List.of());
  }

  /** Whoever wants another lifetime means that no client gets a longer one. */
  private Duration longest() {
    return lifetime.equals(TurnServerConfig.STANDARD_LIFETIME)
        ? TurnServerConfig.STANDARD_MAX_LIFETIME
        : lifetime;
  }

  /** The same for the command line of {@code culvert node}. */
  List<String> commandLine() {
    List<String> line = new ArrayList<>();
    line.addAll(List.of("--user", LabUser.NAME + ":" + password));
    line.addAll(List.of("--nonce-lifetime", VerbArguments.text(nonceLife)));
    line.addAll(List.of("--limit-lifetime", VerbArguments.text(longest())));
    allowed.forEach(range -> line.addAll(List.of("--allow-peer", range.toString())));
    denied.forEach(range -> line.addAll(List.of("--deny-peer", range.toString())));
    return line;
  }
}

package dev.culvert.cli.lab.relay;

import dev.culvert.turn.client.RelayedFamilies;
import dev.culvert.turn.client.TurnClientConfig;
import java.time.Duration;
import java.util.List;

/**
 * What a side does.
 *
 * @param ways the relay, in every way to speak to it, one tried after the other; at least one
 * @param count how many datagrams are sent to have them back, 1 to 10,000
 * @param permits whether it lets the other side send; without that it sends nothing either
 * @param limit how long to try, from knowing of the other side
 */
public record RelayPlan(List<TurnClientConfig> ways, int count, boolean permits, Duration limit) {
  /** Shorter than any NAT of a lab forgets. */
  private static final Duration KEEPALIVE = Duration.ofSeconds(2);

  /** Copies the list; refuses what is out of range. */
  public RelayPlan {
    ways = List.copyOf(ways);
    if (ways.isEmpty() || count < 1 || count > 10_000 || limit.toMillis() < 1) {
      throw new IllegalArgumentException("a side has a way, something to send, and time for it");
    }
  }

  /** A client as a lab wants it: relayed to in its own IP version, remembered by hasty NATs. */
  public static TurnClientConfig asUsual(TurnClientConfig config) {
    return config
        .withFamilies(config.server().isIpv4() ? RelayedFamilies.IPV4 : RelayedFamilies.IPV6)
        .withKeepalive(KEEPALIVE);
  }
}

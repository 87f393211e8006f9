package dev.culvert.session.meet;

import dev.culvert.punch.PunchConfig;
import dev.culvert.session.LocalAddress;
import dev.culvert.session.NamedServer;
import java.time.Duration;
import java.util.List;

/**
 * What a {@link BarePeer} has to punch with.
 *
 * @param addresses of this host; the first of IPv4 is used
 * @param servers STUN servers over UDP; two addresses or more show how the NAT maps
 * @param punch how much is sent
 * @param answers whether this side has the other's note before it writes its own, and names the
 *     moment when both begin; one of the two does
 * @param lead how long after its note an answering side begins, at most 10 minutes
 * @param patience for how long attempts begin, from when both notes are known
 */
public record BareConfig(
    List<LocalAddress> addresses,
    List<NamedServer> servers,
    PunchConfig punch,
    boolean answers,
    Duration lead,
    Duration patience) {
  static final Duration LONGEST_LEAD = Duration.ofMinutes(10);

  /** Refuses a start that nobody waits for. */
  public BareConfig {
    addresses = List.copyOf(addresses);
    servers = List.copyOf(servers);
    if (lead.isNegative() || lead.compareTo(LONGEST_LEAD) > 0) {
      throw new IllegalArgumentException("the start is at most 10 minutes away");
    }
    if (patience.isNegative()) {
      throw new IllegalArgumentException("patience is not negative");
    }
  }

  /** One that begins 30 s after an answer, and tries for 10 minutes. */
  public static BareConfig of(
      List<LocalAddress> addresses, List<NamedServer> servers, boolean answers) {
    return new BareConfig(
        addresses,
        servers,
        PunchConfig.standard(),
        answers,
        Duration.ofSeconds(30),
        Duration.ofMinutes(10));
  }

  /** The same with another lead and patience. */
  public BareConfig within(Duration newLead, Duration newPatience) {
    return new BareConfig(addresses, servers, punch, answers, newLead, newPatience);
  }
}

package dev.culvert.cli.lab.verb;

import dev.culvert.lab.LabException;
import dev.culvert.lab.world.LabWorld;
import dev.culvert.lab.world.Verb;
import dev.culvert.lab.world.VerbRun;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@code relay}: whether two hosts reach each other through a node that relays, each with an
 * allocation of its own, over whatever leads to the node.
 */
final class RelayVerb implements Verb {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Duration LEAST = Duration.ofSeconds(1);
  private static final Duration MOST = Duration.ofMinutes(1);
  private static final int COUNT = 20;

  @Override
  public String name() {
    return "relay";
  }

  @Override
  public String summary() {
    return "whether two hosts reach each other through a relay (RFC 8656), each with an allocation"
        + " of its own: HOST [-4|-6] [--over any|udp|tcp|tls|dtls] [--server HOST[:PORT]]"
        + " [--user NAME] [--password TEXT] [--pin sha256//BASE64] [--count N] [--limit"
        + " TIME] [--no-permission]; fields outcome (relayed or unreachable), over, relayed,"
        + " mapped, sent, lost, heard, roundTripMillis, elapsedMillis";
  }

  @Override
  public VerbRun start(LabWorld world, String host, List<String> arguments) throws LabException {
    VerbArguments given =
        new VerbArguments(
            name(),
            arguments,
            Set.of("-4", "-6", "--no-permission"),
            Stream.concat(RelayAccess.OPTIONS.stream(), Stream.of("--count", "--limit"))
                .collect(Collectors.toUnmodifiableSet()));
    String other = given.other(host, "reach");
    Duration limit = given.limit(LIMIT, LEAST, MOST, "1s to 1m");
    boolean ipv4 = !given.has("-6");
    Places.first(world, host, ipv4);
    Places.first(world, other, ipv4);
    RelayAccess access = RelayAccess.of(world, name(), given, ipv4);
    RelayAsk ask = new RelayAsk(access, given.count(COUNT), limit);
    RelayMeeting meeting = new RelayMeeting();
    RelaySide first = RelaySide.start(world, host, ask, true, meeting::exchange);
    try {
      boolean permits = !given.has("--no-permission");
      meeting.between(first, RelaySide.start(world, other, ask, permits, meeting::exchange));
    } catch (LabException e) {
      first.stop();
      throw e;
    }
    return meeting;
  }
}

package dev.culvert.cli.lab.verb;

import dev.culvert.lab.LabException;
import dev.culvert.lab.world.LabWorld;
import dev.culvert.lab.world.Verb;
import dev.culvert.lab.world.VerbRun;
import dev.culvert.sansio.TransportAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * {@code reach}: whether two hosts reach each other when both send at once; over IPv4 unless asked
 * for IPv6, where no address is translated and nearly everything would be direct.
 */
final class ReachVerb implements Verb {
  private static final Duration LIMIT = Duration.ofSeconds(3);
  private static final Duration LEAST = Duration.ofMillis(200);
  private static final Duration MOST = Duration.ofMinutes(1);

  @Override
  public String name() {
    return "reach";
  }

  @Override
  public String summary() {
    return "whether two hosts reach each other by plain UDP hole punching (RFC 5128, 3.3), the"
        + " baseline without prediction and without a relay: HOST [-4|-6] [--server HOST] [--limit"
        + " TIME]; fields outcome (direct or unreachable), elapsedMillis, local, remote";
  }

  @Override
  public VerbRun start(LabWorld world, String host, List<String> arguments) throws LabException {
    VerbArguments given =
        new VerbArguments(name(), arguments, Set.of("-4", "-6"), Set.of("--server", "--limit"));
    String other = given.other(host, "reach");
    Duration limit = given.limit(LIMIT, LEAST, MOST, "200ms to 1m");
    boolean ipv4 = !given.has("-6");
    TransportAddress server = Meeting.server(world, given.value("--server"), ipv4);
    TransportAddress here = new TransportAddress(Places.first(world, host, ipv4), 0);
    TransportAddress there = new TransportAddress(Places.first(world, other, ipv4), 0);
    ReachMeeting meeting = new ReachMeeting();
    ReachSide first = ReachSide.start(world, host, here, server, limit, meeting::exchange);
    try {
      meeting.between(
          first, ReachSide.start(world, other, there, server, limit, meeting::exchange));
    } catch (LabException e) {
      first.stop();
      throw e;
    }
    return meeting;
  }
}

package dev.culvert.cli.lab.verb;

import dev.culvert.ice.IcePolicy;
import dev.culvert.ice.IceRole;
import dev.culvert.lab.LabException;
import dev.culvert.lab.world.LabWorld;
import dev.culvert.lab.world.Verb;
import dev.culvert.lab.world.VerbRun;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code ice}: whether two hosts meet by ICE, as two people would with copy and paste. */
final class IceVerb implements Verb {
  private static final Duration LIMIT = Duration.ofSeconds(40);
  private static final Duration LEAST = Duration.ofSeconds(1);
  private static final Duration MOST = Duration.ofMinutes(10);
  private static final int COUNT = 10;

  @Override
  public String name() {
    return "ice";
  }

  @Override
  public String summary() {
    return "whether two hosts meet by 'culvert ice offer' and 'answer' (RFC 8445), by a relay where"
        + " they must: HOST [-4|-6] [--policy direct-only|prefer-direct|relay-only] [--no-relay]"
        + " [--over any|udp|tcp|tls|dtls] [--server HOST[:PORT]] [--user NAME] [--password TEXT]"
        + " [--count N] [--limit TIME]; fields outcome (direct, relayed or unreachable), local,"
        + " localType, remote, remoteType, protocol, sent, back, roundTripMillis, elapsedMillis";
  }

  @Override
  public VerbRun start(LabWorld world, String host, List<String> arguments) throws LabException {
    VerbArguments given =
        new VerbArguments(
            name(),
            arguments,
            Set.of("-4", "-6", "--no-relay"),
            Stream.concat(
                    RelayAccess.OPTIONS.stream().filter(option -> !option.equals("--pin")),
                    Stream.of("--count", "--limit", "--policy"))
                .collect(Collectors.toUnmodifiableSet()));
    String other = given.other(host, "meet");
    Duration limit = given.limit(LIMIT, LEAST, MOST, "1s to 10m");
    boolean ipv4 = !given.has("-6");
    InetAddress here = Places.first(world, host, ipv4);
    InetAddress there = Places.first(world, other, ipv4);
    Optional<RelayAccess> access =
        given.has("--no-relay")
            ? Optional.empty()
            : Optional.of(RelayAccess.of(world, name(), given, ipv4).clear());
    IceAsk ask =
        new IceAsk(
            here,
            Meeting.server(world, given.value("--server"), ipv4),
            access,
            policy(given.value("--policy")),
            given.count(COUNT),
            limit);
    IceMeeting meeting = new IceMeeting();
    IceSide offering = IceSide.start(world, host, ask, IceRole.CONTROLLING, meeting::exchange);
    try {
      meeting.between(
          offering,
          IceSide.start(world, other, ask.at(there), IceRole.CONTROLLED, meeting::exchange));
    } catch (LabException e) {
      offering.stop();
      throw e;
    }
    return meeting;
  }

  private static IcePolicy policy(Optional<String> word) {
    return switch (word.orElse("prefer-direct")) {
      case "direct-only" -> IcePolicy.DIRECT_ONLY;
      case "prefer-direct" -> IcePolicy.PREFER_DIRECT;
      case "relay-only" -> IcePolicy.RELAY_ONLY;
      default ->
          throw new IllegalArgumentException(
              "ice: --policy is direct-only, prefer-direct or relay-only");
    };
  }
}

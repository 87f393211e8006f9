package dev.culvert.cli.lab.verb;

import dev.culvert.lab.LabException;
import dev.culvert.lab.world.LabWorld;
import dev.culvert.lab.world.Verb;
import dev.culvert.lab.world.VerbRun;
import dev.culvert.rendezvous.KnownNode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code meet}: two peers that find each other through rendezvous nodes. */
final class MeetVerb implements Verb {
  private static final String USUAL_NODES = "s1,s2";
  private static final Duration NEVER = Duration.ZERO;

  @Override
  public String name() {
    return "meet";
  }

  @Override
  public String summary() {
    return "has two peers attach to rendezvous nodes ('node --rendezvous'), call, connect by ICE"
        + " and send datagrams until it is stopped: HOST [--nodes HOST,...] [--again TIME]"
        + " [--early] [--once]; it is ready once data flows, with --early as soon as both"
        + " are at a node; with --once it ends when data flows; fields attached, knows, calls,"
        + " failures, lastFailure, without --again outcome (connected, calling, attached, alone),"
        + " path (direct, relayed, none) and flows, and the same of the other as peer.";
  }

  @Override
  public VerbRun start(LabWorld world, String host, List<String> arguments) throws LabException {
    VerbArguments given =
        new VerbArguments(
            name(), arguments, Set.of("--early", "--once"), Set.of("--nodes", "--again"));
    String other = given.other(host, "meet");
    Duration every = given.duration("--again", NEVER);
    if (every.isNegative()) {
      throw new IllegalArgumentException("meet: --again is a time");
    }
    List<KnownNode> nodes =
        List.of(given.value("--nodes").orElse(USUAL_NODES).split(",", -1)).stream()
            .map(name -> LabPeers.known(world, name))
            .toList();
    Optional<Duration> again = every.isZero() ? Optional.empty() : Optional.of(every);
    MeetSide callee =
        MeetSide.start(
            world,
            new MeetSide.Task(
                other, Places.first(world, other, true), nodes, Optional.empty(), again));
    try {
      MeetSide caller =
          MeetSide.start(
              world,
              new MeetSide.Task(
                  host, Places.first(world, host, true), nodes, Optional.of(other), again));
      return new MeetRun(
          caller, callee, again.isPresent(), given.has("--early"), given.has("--once"));
    } catch (LabException e) {
      callee.stop();
      throw e;
    }
  }
}

package dev.culvert.cli.lab.verb;

import dev.culvert.ice.IcePolicy;
import dev.culvert.lab.LabException;
import dev.culvert.lab.world.LabWorld;
import dev.culvert.lab.world.Verb;
import dev.culvert.lab.world.VerbRun;
import dev.culvert.rendezvous.KnownNode;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** {@code connect}: two peers that connect to each other's keys through nodes with relays. */
final class ConnectVerb implements Verb {
  private static final Duration LIMIT = Duration.ofSeconds(45);
  private static final Duration LEAST = Duration.ofSeconds(1);
  private static final Duration MOST = Duration.ofMinutes(10);

  @Override
  public String name() {
    return "connect";
  }

  @Override
  public String summary() {
    return "has two peers that know each other's ids connect through nodes ('node --rendezvous"
        + " --relay') and keep a numbered stream with checksums running both ways: in the"
        + " kernel one of QUIC, in the simulator datagrams repeated until they are there:"
        + " HOST [--nodes HOST,...] [--policy direct-only|prefer-direct|relay-only] [--once"
        + " [--limit TIME]]; it goes on until it is stopped, with --once until the path is"
        + " direct, or to the limit; fields outcome (direct, relayed, unreachable), why,"
        + " connected, attached, first (path), path, plan, changes, flows, heard, lost,"
        + " doubled, damaged, gap (the longest silence in ms), firstByteMillis,"
        + " directMillis, failure, and the same of the other as peer.";
  }

  @Override
  public VerbRun start(LabWorld world, String host, List<String> arguments) throws LabException {
    VerbArguments given =
        new VerbArguments(
            name(), arguments, Set.of("--once"), Set.of("--nodes", "--policy", "--limit"));
    String other = given.other(host, "connect to");
    Duration limit = given.limit(LIMIT, LEAST, MOST, "1s to 10m");
    List<KnownNode> nodes =
        Arrays.stream(given.value("--nodes").orElse(Places.USUAL_SERVER).split(",", -1))
            .map(name -> LabPeers.known(world, name))
            .toList();
    IcePolicy policy = policy(given.value("--policy"));
    ConnectSide callee = ConnectSide.start(world, new ConnectSide.Task(other, nodes, policy));
    try {
      ConnectSide caller = ConnectSide.start(world, new ConnectSide.Task(host, nodes, policy));
      return new ConnectRun(
          world, caller, callee, given.has("--once") ? Optional.of(limit) : Optional.empty());
    } catch (LabException e) {
      callee.stop();
      throw e;
    }
  }

  private static IcePolicy policy(Optional<String> word) {
    String text = word.orElse("prefer-direct");
    return Arrays.stream(IcePolicy.values())
        .filter(each -> each.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "connect: --policy is direct-only, prefer-direct or relay-only"));
  }
}

package dev.culvert.ice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.natsim.Dependence;
import dev.culvert.natsim.Link;
import dev.culvert.natsim.NatBehaviour;
import dev.culvert.natsim.World;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Agents behind all pairs of mapping and filtering, over bad lines: what can connect does. */
class IceMatrixTest {
  private static final int SEEDS = Integer.getInteger("ice.seeds", 20);
  private static final TransportAddress STUN = new TransportAddress(ip("203.0.113.10"), 3478);

  private static InetAddress ip(String text) {
    return IpLiterals.parse(text).orElseThrow();
  }

  private record Kind(Dependence mapping, Dependence filtering) {
    boolean connects(Kind other) {
      return admits(other) || other.admits(this);
    }

    /**
     * Whether the other's check to the address that a server saw here gets in, and the check that
     * it triggers gets back, from another port if the mapping depends on whom it is for. Two that
     * take another port for each port of the other answer from yet another one for ever.
     */
    private boolean admits(Kind other) {
      boolean steady = mapping == Dependence.ENDPOINT_INDEPENDENT;
      boolean open = filtering == Dependence.ENDPOINT_INDEPENDENT;
      boolean expected =
          filtering == Dependence.ADDRESS || other.mapping == Dependence.ENDPOINT_INDEPENDENT;
      boolean getsIn = open || (steady && expected);
      boolean comeToRest =
          mapping != Dependence.ADDRESS_AND_PORT || other.mapping != Dependence.ADDRESS_AND_PORT;
      boolean getsBack = comeToRest && other.filtering != Dependence.ADDRESS_AND_PORT;
      return getsIn && (steady || getsBack);
    }
  }

  private static List<Kind> kinds() {
    List<Kind> all = new ArrayList<>();
    for (Dependence mapping : Dependence.values()) {
      for (Dependence filtering : Dependence.values()) {
        all.add(new Kind(mapping, filtering));
      }
    }
    return all;
  }

  private static SimAgent agent(World world, int number, Kind kind, Link line, IceRole role) {
    InetAddress inside = ip("192.168." + number + ".2");
    return new SimAgent(
        world,
        world
            .internet()
            .nat(
                "nat" + number,
                line,
                NatBehaviour.of(kind.mapping, kind.filtering).filteringPerMapping(),
                ip("198.51.100." + number))
            .inside()
            .host("host" + number, Link.of(Duration.ofMillis(1)), inside),
        inside,
        Optional.of(STUN),
        IceConfig.standard(role).withPatience(Duration.ofSeconds(15)));
  }

  private static Link line(Random random) {
    Link line = Link.of(Duration.ofMillis(1 + random.nextInt(74)));
    return switch (random.nextInt(4)) {
      case 0 -> line;
      case 1 -> line.losing(0.05);
      case 2 -> line.losing(0.025).jittering(Duration.ofMillis(30)).reordering(0.05);
      default -> line.losing(0.02).duplicating(0.05);
    };
  }

  @Test
  void whatCanConnectDoes() {
    int connected = 0;
    List<Kind> kinds = kinds();
    for (int x = 0; x < kinds.size(); x++) {
      for (int y = x; y < kinds.size(); y++) {
        for (int seed = 0; seed < SEEDS; seed++) {
          connected += run(kinds.get(x), kinds.get(y), seed) ? 1 : 0;
        }
      }
    }
    long able =
        kinds.stream()
            .mapToLong(
                one ->
                    kinds.stream()
                        .filter(other -> kinds.indexOf(other) >= kinds.indexOf(one))
                        .filter(one::connects)
                        .count())
            .sum();
    assertEquals(able * SEEDS, connected);
  }

  private static boolean run(Kind one, Kind other, int seed) {
    World world = new World(seed);
    Random random = new Random(seed);
    world
        .internet()
        .host("stun", Link.of(Duration.ofMillis(10)), STUN.ip())
        .run(new Reflector(STUN), event -> {});
    SimAgent a = agent(world, 1, one, line(random), IceRole.CONTROLLING);
    SimAgent b = agent(world, 2, other, line(random), IceRole.CONTROLLED);
    Duration signalling = Duration.ofMillis(1 + random.nextInt(300));
    a.meets(b, signalling);
    world.schedule(Duration.ofMillis(random.nextInt(500)), () -> b.meets(a, signalling));
    String what = one + " " + other + " seed " + seed;
    boolean both =
        world.runUntil(
            () -> isOver(a) && isOver(b) && (agree(a, b) || a.path().isEmpty()),
            Duration.ofSeconds(25));
    assertTrue(
        both,
        () ->
            what
                + " "
                + a.agent.state()
                + " "
                + b.agent.state()
                + " "
                + a.path()
                + " "
                + b.path()
                + a.agent.fates()
                + b.agent.fates());
    assertEquals(
        one.connects(other), a.agent.state() == IceState.COMPLETED, () -> what + a.agent.fates());
    assertEquals(
        one.connects(other), b.agent.state() == IceState.COMPLETED, () -> what + b.agent.fates());
    return a.path().isPresent();
  }

  private static boolean isOver(SimAgent each) {
    return each.agent.state() == IceState.COMPLETED || each.agent.state() == IceState.FAILED;
  }

  private static boolean agree(SimAgent a, SimAgent b) {
    return a.path().isPresent()
        && b.path().isPresent()
        && a.path().get().selected()
        && b.path().get().selected()
        && a.path().get().remote().address().equals(b.path().get().local().address())
        && b.path().get().remote().address().equals(a.path().get().local().address());
  }
}

package dev.culvert.lab.world;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.culvert.lab.spec.HostSpec;
import dev.culvert.lab.spec.LabSpec;
import dev.culvert.lab.spec.LabSpecBuilder;
import dev.culvert.lab.spec.LinkSpec;
import dev.culvert.natsim.Host;
import dev.culvert.natsim.Resident;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Labs drawn at random, in which everything changes while everybody talks to everybody. */
class SimWorldSoakTest {
  private static final List<String> OPTIONS =
      List.of(
          "hairpin",
          "answers",
          "timeout=2s",
          "refresh=both",
          "refresh=inbound",
          "addresses=3",
          "addresses=2+pooling=arbitrary",
          "neighbours=50/s",
          "fragments=drop",
          "rewrites",
          "blackhole",
          "syn=rst",
          "syn=icmp",
          "nat64",
          "nat64+ipv6=none",
          "ipv6=open",
          "ipv6=eif",
          "ipv6=none",
          "parity",
          "block=64",
          "ports=2000-2100",
          "traffic=no-udp");
  private static final List<String> LINES =
      List.of(
          "delay:5ms",
          "delay:20ms,jitter:20ms",
          "loss:30%",
          "duplicate:30%",
          "delay:9ms,reorder:30%",
          "rate:64kbit",
          "mtu:1280",
          "mtu:600",
          "delay:30ms,jitter:9ms,loss:5%,duplicate:5%,reorder:5%,rate:1mbit,mtu:1300");
  private static final int LABS = 150;

  private final List<Echo> machines = new ArrayList<>();
  private final List<Resident<String>> seats = new ArrayList<>();
  private final List<String> homes = new ArrayList<>();
  private int heard;

  @Test
  void nothingHappensThatMustNot() {
    for (long seed = 1; seed <= LABS; seed++) {
      LabSpec spec = spec(new SplittableRandom(seed), seed);
      try {
        live(SimWorld.up(spec), new SplittableRandom(-seed));
      } catch (RuntimeException | AssertionError e) {
        fail("seed " + seed + " of " + homes + ": " + e.getMessage(), e);
      }
    }
    assertTrue(heard > 20 * LABS, heard + " datagrams arrived");
  }

  private LabSpec spec(SplittableRandom dice, long seed) {
    homes.clear();
    LabSpecBuilder builder = LabSpec.builder().seed(seed);
    for (String host : List.of("a", "b", "c")) {
      String home = null;
      while (home == null) {
        home = tried(builder, host, home(dice)).orElse(null);
      }
      homes.add(host + " " + home);
      if (dice.nextBoolean()) {
        builder.link(host, LinkSpec.parse(any(dice, LINES)));
      }
    }
    return builder.build();
  }

  private static Optional<String> tried(LabSpecBuilder builder, String host, String home) {
    try {
      builder.home(host, home);
      return Optional.of(home);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String home(SplittableRandom dice) {
    if (dice.nextInt(8) == 0) {
      return any(dice, List.of("open", "firewall", "none/eif", "none/open", "linux"));
    }
    String nat =
        any(dice, List.of("eim", "adm", "apdm"))
            + "/"
            + any(dice, List.of("eif", "adf", "apdf"))
            + "/"
            + any(dice, List.of("preserving", "sequential:1", "random"))
            + IntStream.range(0, dice.nextInt(4))
                .mapToObj(i -> "+" + any(dice, OPTIONS))
                .collect(Collectors.joining());
    return dice.nextInt(4) == 0 && !nat.contains("nat64") ? "prc@" + nat : nat;
  }

  private void live(SimWorld world, SplittableRandom dice) {
    machines.clear();
    seats.clear();
    List<String> hosts = world.spec().hosts().stream().map(HostSpec::name).toList();
    for (String name : hosts) {
      Host host = world.host(name);
      Echo machine = new Echo(name.startsWith("s"));
      machine.bind(0, new TransportAddress(IpLiterals.parse("0.0.0.0").orElseThrow(), 5000));
      machine.bind(1, new TransportAddress(IpLiterals.parse("::").orElseThrow(), 5001));
      machines.add(machine);
      seats.add(host.run(machine, event -> {}));
    }
    for (int round = 0; round < 20; round++) {
      for (int talk = 0; talk < 10; talk++) {
        talk(world, dice, hosts);
      }
      world.pass(Duration.ofMillis(dice.nextInt(1500)));
      change(world, dice, hosts);
    }
    world.pass(Duration.ofMinutes(1));
    machines.forEach(machine -> heard += machine.heard.size());
  }

  private void talk(SimWorld world, SplittableRandom dice, List<String> hosts) {
    // Servers answer only, or two of them would never come to an end.
    int sender = hosts.indexOf(any(dice, List.of("a", "b", "c")));
    List<InetAddress> all = world.addresses().values().stream().flatMap(List::stream).toList();
    InetAddress target = any(dice, all);
    boolean four = target.getAddress().length == 4;
    TransportAddress remote = new TransportAddress(target, four ? 5000 : 5001);
    TransportAddress embedded =
        new TransportAddress(IpLiterals.parse("64:ff9b::203.0.113.10").orElseThrow(), 5000);
    boolean detour = dice.nextInt(6) == 0;
    String text = "x".repeat(dice.nextInt(5) == 0 ? 2000 : 20);
    seats
        .get(sender)
        .execute(
            now ->
                machines
                    .get(sender)
                    .send(detour || !four ? 1 : 0, detour ? embedded : remote, text));
  }

  private static void change(SimWorld world, SplittableRandom dice, List<String> hosts) {
    List<String> routers = world.spec().routers().stream().map(router -> router.name()).toList();
    List<String> lines = new ArrayList<>(hosts);
    lines.addAll(routers);
    switch (dice.nextInt(routers.isEmpty() ? 4 : 7)) {
      case 0 -> world.cut(any(dice, lines));
      case 1 -> lines.forEach(world::mend);
      case 2 -> world.relink(any(dice, lines), LinkSpec.parse(any(dice, LINES)));
      case 3 -> world.relink(any(dice, lines), LinkSpec.PERFECT);
      case 4 -> world.reboot(any(dice, routers));
      case 5 -> world.readdress(any(dice, routers), Optional.empty());
      default -> world.move(any(dice, List.of("a", "b", "c")), any(dice, routers));
    }
  }

  private static <T> T any(SplittableRandom dice, List<T> all) {
    return all.get(dice.nextInt(all.size()));
  }
}

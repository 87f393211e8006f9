package dev.culvert.cli.lab.verb;

import dev.culvert.detect.DetectConfig;
import dev.culvert.detect.DetectServer;
import dev.culvert.detect.IpFamily;
import dev.culvert.lab.LabException;
import dev.culvert.lab.world.KernelWorld;
import dev.culvert.lab.world.LabWorld;
import dev.culvert.lab.world.SimWorld;
import dev.culvert.lab.world.Verb;
import dev.culvert.lab.world.VerbRun;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.TransportAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** {@code check}: what {@code culvert check} finds out from a host. */
final class CheckVerb implements Verb {
  /** A busy machine must not turn findings into unknowns. */
  private static final Duration DEADLINE = Duration.ofSeconds(12);

  private static final Duration LONGEST_SILENCE = Duration.ofMinutes(5);

  @Override
  public String name() {
    return "check";
  }

  @Override
  public String summary() {
    return "finds out how the NATs on the way behave: [-4|-6] [--full [--longest-silence TIME]]"
        + " [--server HOST]... [--deadline TIME]; fields as in culvert.check/1";
  }

  @Override
  public VerbRun start(LabWorld world, String host, List<String> arguments) throws LabException {
    VerbArguments given =
        new VerbArguments(
            name(),
            arguments,
            Set.of("-4", "-6", "--full"),
            Set.of("--server", "--deadline", "--longest-silence"));
    if (!given.words().isEmpty()) {
      throw new IllegalArgumentException(
          "check takes no '" + given.words().get(0) + "'; name a server with --server");
    }
    Places.of(world, host, true);
    DetectConfig config = config(world, given);
    if (world instanceof SimWorld sim) {
      return new SimCheck(sim, host, config);
    }
    if (world instanceof KernelWorld kernel) {
      return new KernelCheck(kernel, host, commandLine(config));
    }
    throw new IllegalArgumentException("check knows no world like this one");
  }

  private static DetectConfig config(LabWorld world, VerbArguments given) {
    boolean both = given.has("-4") == given.has("-6");
    boolean ipv4 = both || given.has("-4");
    boolean ipv6 = both || given.has("-6");
    List<String> names = given.values("--server");
    List<TransportAddress> servers = new ArrayList<>();
    for (String name : names.isEmpty() ? List.of(Places.usualServer(world)) : names) {
      servers.addAll(Places.server(world, name, ipv4, ipv6));
    }
    if (servers.isEmpty()) {
      throw new IllegalArgumentException(
          "no server has an " + (ipv4 ? "IPv4" : "IPv6") + " address");
    }
    Set<IpFamily> families = EnumSet.noneOf(IpFamily.class);
    if (ipv4) {
      families.add(IpFamily.IPV4);
    }
    if (ipv6) {
      families.add(IpFamily.IPV6);
    }
    DetectConfig config =
        DetectConfig.of(
                servers.stream()
                    .distinct()
                    .map(at -> DetectServer.of(IpLiterals.format(at.ip(), false), at.port()))
                    .toList())
            .over(families)
            .within(given.duration("--deadline", DEADLINE));
    return given.has("--full")
        ? config.withSlowTests(given.duration("--longest-silence", LONGEST_SILENCE))
        : config;
  }

  private static List<String> commandLine(DetectConfig config) {
    List<String> line = new ArrayList<>(List.of("check", "-q", "-o", "json", "--gateway=none"));
    if (config.families().size() == 1) {
      line.add(config.families().contains(IpFamily.IPV4) ? "-4" : "-6");
    }
    line.add("--deadline=" + VerbArguments.text(config.deadline()));
    if (config.full()) {
      line.add("--full");
      line.add("--longest-silence=" + VerbArguments.text(config.longestSilence()));
    }
    config.servers().forEach(server -> line.addAll(List.of("--server", server.name())));
    return line;
  }
}

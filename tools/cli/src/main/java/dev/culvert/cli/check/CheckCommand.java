package dev.culvert.cli.check;

import dev.culvert.cli.Console;
import dev.culvert.cli.DurationConverter;
import dev.culvert.cli.ExitCode;
import dev.culvert.cli.Fault;
import dev.culvert.cli.server.FamilyOptions;
import dev.culvert.cli.server.ServerArgument;
import dev.culvert.cli.server.TrustOptions;
import dev.culvert.detect.DetectConfig;
import dev.culvert.detect.DetectServer;
import dev.culvert.detect.IpFamily;
import dev.culvert.detect.LocalInterface;
import dev.culvert.detect.NatReport;
import dev.culvert.detect.ServerReport;
import dev.culvert.transport.NetworkRuntime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code culvert check}. */
@Command(
    name = "check",
    header = "Finds out how well peers can be met from here, and why.",
    description = {
      "It asks STUN servers how this host looks from outside and tells, for IPv4 and"
          + " IPv6, how NATs and firewalls on the way behave (RFC 4787, RFC 5780), and what"
          + " that means for meeting peers. What cannot be known is said to be unknown, with"
          + " the reason.",
      "",
      "Unless --server names others, these public ones are asked:",
      "  stunserver2025.stunprotocol.org:3478, stun.nextcloud.com:443,",
      "  stun.cloudflare.com:3478, stun.l.google.com:19302",
      "Filtering can be told only with a server that offers RFC 5780, such as"
          + " 'culvert node' with --alternate; mapping needs such a server or two others."
    },
    exitCodeList = {
      "0:good or hard: peers can be met directly",
      "1:a fault of Culvert's own",
      "2:the command line is not understood",
      "3:peers can be met through a relay only",
      "4:no server could be found under its name",
      "5:inconclusive",
      "6:no usable network, or UDP is blocked",
      "130:interrupted; what was known by then was shown"
    })
public final class CheckCommand implements Callable<Integer> {
  private static final Duration LONGEST_SILENCE = Duration.ofMinutes(5);

  private final Console console;

  @Option(
      names = {"-s", "--server"},
      paramLabel = "SERVER",
      description =
          "HOST, HOST:PORT, an IPv6 address, or stun:HOST:PORT; may be repeated, and more than one"
              + " makes the report surer.")
  private List<String> servers = List.of();

  @Option(
      names = "--full",
      description = "Add the slow tests: mapping lifetime, large and fragmented packets.")
  private boolean full;

  @Option(
      names = "--longest-silence",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "With --full: the longest lifetime to look for (default: 5m).")
  private Duration longestSilence = LONGEST_SILENCE;

  @Option(
      names = "--deadline",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "When the report without slow tests must be there (default: 3s).")
  private Duration deadline = Duration.ofSeconds(3);

  @Mixin private VantageOptions vantage = new VantageOptions();
  @Mixin private FamilyOptions families = new FamilyOptions();
  @Mixin private GatewayOption gateway = new GatewayOption();
  @Mixin private TrustOptions trust = new TrustOptions();

  CheckCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    List<ServerArgument> arguments =
        (servers.isEmpty() ? PublicServers.ALL : servers)
            .stream().map(ServerArgument::parse).toList();
    DetectConfig config = config(arguments);
    NetworkRuntime.Builder builder = NetworkRuntime.builder();
    trust.authorities().ifPresent(builder::trustedAuthorities);
    try (NetworkRuntime runtime = builder.build()) {
      CheckRun run = new CheckRun(runtime, console);
      NatReport report = run.measure(config, partial -> console.show(CheckView.of(partial)));
      Optional<Fault> nowhere = namesThatLeadNowhere(report);
      if (nowhere.isPresent()) {
        throw nowhere.get();
      }
      CheckView view = CheckView.of(report);
      console.show(view);
      return view.exitCode().number();
    }
  }

  private DetectConfig config(List<ServerArgument> arguments) {
    Set<IpFamily> wanted = families.families();
    List<LocalInterface> from = vantage.chosen(wanted);
    DetectConfig config =
        DetectConfig.of(arguments.stream().map(this::server).distinct().toList())
            .over(wanted)
            .from(from)
            .within(deadline)
            .asking(gateway.chosen(arguments), List.of());
    return full ? config.withSlowTests(longestSilence) : config;
  }

  private DetectServer server(ServerArgument argument) {
    int port = argument.port().orElse(DetectServer.DEFAULT_PORT);
    return new DetectServer(
        argument.host(),
        argument.secure() ? DetectServer.DEFAULT_PORT : port,
        argument.secure() && port != DetectServer.DEFAULT_PORT ? port : ServerArgument.STUNS_PORT,
        trust.identity(argument));
  }

  /** Where no name at all could be resolved, a report would tell nothing but that. */
  private static Optional<Fault> namesThatLeadNowhere(NatReport report) {
    boolean nowhere =
        !report.servers().isEmpty()
            && report.servers().stream().allMatch(server -> server.address().isEmpty());
    if (!nowhere) {
      return Optional.empty();
    }
    String names =
        report.servers().stream()
            .map(server -> "'" + server.name() + "'" + why(server))
            .distinct()
            .collect(Collectors.joining(", "));
    return Optional.of(
        new Fault(
            ExitCode.UNREACHABLE,
            "no server could be found under its name: " + names,
            "check the spelling and that this host is online, or name a server by IP address"));
  }

  private static String why(ServerReport server) {
    return server.note().map(note -> " (" + note + ")").orElse("");
  }
}

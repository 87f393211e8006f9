package dev.culvert.cli.server;

import dev.culvert.cli.Console;
import dev.culvert.cli.DurationConverter;
import dev.culvert.cli.server.ProbeResult.Outcome;
import dev.culvert.sansio.Transport;
import dev.culvert.transport.NetworkRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code culvert servers check}. */
@Command(
    name = "check",
    header = "Vets STUN servers: reachable, honest about RFC 5780, round trip.",
    description = {
      "A server can be relied on for RFC 5780 only if its answers to CHANGE-REQUEST"
          + " come from the very address that was asked for. Many public servers ignore the"
          + " request, and tools that do not look call every NAT friendly."
    },
    exitCodeList = {
      "0:every server answers and none is dishonest",
      "2:the command line or the list is not understood",
      "4:a server refuses, cannot be reached, or there is no such host",
      "5:a server is dishonest, or does not talk STUN",
      "6:no usable network",
      "7:a server wants credentials",
      "8:a server did not answer in time",
      "130:interrupted"
    })
public final class ServersCheckCommand implements Callable<Integer> {
  private static final int AT_ONCE = 32;

  private final Console console;

  @Parameters(
      arity = "1..*",
      paramLabel = "SERVER|FILE",
      description = "Servers, files that hold one a line (# begins a comment), or - for input.")
  private List<String> words = List.of();

  @Option(
      names = "--deadline",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "How long each server may take (default: 4s).")
  private Duration deadline = Duration.ofSeconds(4);

  @Mixin private FamilyOptions families = new FamilyOptions();

  ServersCheckCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    List<ServerArgument> servers = ServerList.read(words, System.in);
    List<ServersView.Row> rows = new ArrayList<>();
    try (NetworkRuntime runtime = NetworkRuntime.create()) {
      for (int from = 0; from < servers.size(); from += AT_ONCE) {
        List<ServerArgument> some = servers.subList(from, Math.min(servers.size(), from + AT_ONCE));
        if (servers.size() > AT_ONCE) {
          console.progress("asking server " + (from + 1) + " of " + servers.size());
        }
        List<CompletableFuture<ProbeRun>> runs =
            some.stream().map(server -> ProbeRun.start(runtime, plan(server))).toList();
        for (int i = 0; i < some.size(); i++) {
          rows.addAll(rows(some.get(i), runs.get(i).join()));
        }
      }
    }
    ServersView view = new ServersView(rows);
    console.show(view);
    return view.exitCode().number();
  }

  private ProbePlan plan(ServerArgument server) {
    return new ProbePlan(
        server, server.identity(), List.of(Transport.UDP), families.families(), true, deadline);
  }

  /** A row for each family that the server has; where it has none that can be asked, one. */
  private static List<ServersView.Row> rows(ServerArgument server, ProbeRun run) {
    if (run.unresolved().isPresent()) {
      return List.of(
          new ServersView.Row(
              server.name(),
              Optional.empty(),
              ProbeRun.fault(server.host(), run.unresolved().get()).fault()));
    }
    List<ProbeResult> asked =
        run.results().stream().filter(result -> result.outcome() != Outcome.SKIP).toList();
    List<ProbeResult> shown = asked.isEmpty() ? run.results().subList(0, 1) : asked;
    return shown.stream()
        .map(result -> new ServersView.Row(server.name(), Optional.of(result), ""))
        .toList();
  }
}

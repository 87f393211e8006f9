package dev.culvert.cli.server;

import dev.culvert.cli.Console;
import dev.culvert.cli.DurationConverter;
import dev.culvert.cli.Fault;
import dev.culvert.sansio.Transport;
import dev.culvert.transport.NetworkRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code culvert stun}. */
@Command(
    name = "stun",
    header = "Asks one STUN server and tells what it does, a line per transport and family.",
    description = {
      "It sends Binding requests (RFC 8489) over every transport, and over UDP finds"
          + " out whether the server can be relied on for RFC 5780: whether it answers from"
          + " where it is asked to."
    },
    exitCodeList = {
      "0:every transport named with --transport answered; without it, any did",
      "2:the command line is not understood",
      "4:refused, unreachable, or there is no such host",
      "5:something answers, but not as STUN demands",
      "6:no usable network",
      "7:the server's certificate is not trusted, or it wants credentials",
      "8:no answer in time",
      "130:interrupted"
    })
public final class StunCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(
      paramLabel = "SERVER",
      description = "HOST, HOST:PORT, an IPv6 address, stun:HOST:PORT or stuns:HOST:PORT.")
  private String server = "";

  @Option(
      names = "--transport",
      split = ",",
      paramLabel = "TRANSPORT",
      description =
          "Which to try of udp, tcp, tls and dtls, with commas between (default: udp,tcp,tls; for"
              + " stuns: tls).")
  private List<String> transports = List.of();

  @Option(
      names = "--deadline",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "How long all of it may take (default: 3s).")
  private Duration deadline = Duration.ofSeconds(3);

  @Mixin private FamilyOptions families = new FamilyOptions();
  @Mixin private TrustOptions trust = new TrustOptions();

  StunCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    ServerArgument argument = ServerArgument.parse(server);
    ProbePlan plan =
        new ProbePlan(
            argument,
            trust.identity(argument),
            chosen(argument),
            families.families(),
            true,
            deadline);
    NetworkRuntime.Builder builder = NetworkRuntime.builder();
    trust.authorities().ifPresent(builder::trustedAuthorities);
    try (NetworkRuntime runtime = builder.build()) {
      ProbeRun run = ProbeRun.start(runtime, plan).join();
      if (run.unresolved().isPresent()) {
        throw ProbeRun.fault(argument.host(), run.unresolved().get());
      }
      StunView view = new StunView(argument.name(), run.results(), !transports.isEmpty());
      console.show(view);
      return view.exitCode().number();
    }
  }

  private List<Transport> chosen(ServerArgument argument) {
    if (transports.isEmpty()) {
      return argument.secure()
          ? List.of(Transport.TLS)
          : List.of(Transport.UDP, Transport.TCP, Transport.TLS);
    }
    List<Transport> chosen = new ArrayList<>();
    for (String word : transports) {
      chosen.add(
          switch (word.strip().toLowerCase(Locale.ROOT)) {
            case "udp" -> Transport.UDP;
            case "tcp" -> Transport.TCP;
            case "tls" -> Transport.TLS;
            case "dtls" -> Transport.DTLS;
            default ->
                throw Fault.usage(
                    "there is no transport '" + word + "'", "choose from udp, tcp, tls, dtls");
          });
    }
    return chosen.stream().distinct().toList();
  }
}

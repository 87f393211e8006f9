package dev.culvert.cli.turn;

import dev.culvert.cli.Console;
import dev.culvert.cli.DurationConverter;
import dev.culvert.cli.Fault;
import dev.culvert.cli.server.FamilyOptions;
import dev.culvert.cli.server.TrustOptions;
import dev.culvert.detect.IpFamily;
import dev.culvert.transport.NetworkRuntime;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code culvert turn test}. */
@Command(
    name = "test",
    header = "Proves a relay from end to end, a line per transport and IP version.",
    description = {
      "Over each way to the relay it asks for an allocation (RFC 8656), sends datagrams"
          + " through it to a peer that sends them back, and tells the round trip and the loss, or"
          + " why it does not work and what to do next. Everything is given back at the end. With"
          + " -v it tells each step, such as the first 401, which is normal.",
      "",
      "The round trip leads through the relay twice: to the peer and back."
    },
    exitCodeList = {
      "0:every URI and every transport named with --transport relays; of a host alone, any",
      "2:the command line is not understood",
      "4:refused, unreachable, or there is no such host",
      "5:it is full, over its quota, or answers, but not as a relay should",
      "6:no usable network, or the DNS does not work",
      "7:it refuses the credentials or the peer, or its certificate is not trusted",
      "8:no answer, or no datagram back, in time",
      "130:interrupted"
    })
public final class TurnTestCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(
      arity = "1..*",
      paramLabel = "URI",
      description =
          "turn:HOST[:PORT][?transport=udp|tcp] (UDP if it is not said), turns:HOST[:PORT]"
              + "[?transport=tcp|udp] (TLS, or DTLS with udp), or HOST[:PORT] for all transports;"
              + " the port is then that of UDP and TCP, and TLS and DTLS have theirs.")
  private List<String> words = List.of();

  @Option(
      names = "--transport",
      split = ",",
      paramLabel = "TRANSPORT",
      description =
          "For a HOST alone: which of udp, tcp, tls and dtls to try, with commas between; each must"
              + " work then (default: all).")
  private List<String> transports = List.of();

  @Option(
      names = "--relayed",
      split = ",",
      paramLabel = "FAMILY",
      description =
          "Ask for relayed addresses of ipv4, ipv6 or both, with a comma between; each must be"
              + " there then (default: both, of which one may be missing).")
  private List<String> relayed = List.of();

  @Option(
      names = "--realm",
      paramLabel = "REALM",
      description = "The realm that the relay must have (default: any).")
  private @Nullable String realm;

  @Option(
      names = "--deadline",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "How long each step of a way may take (default: 5s).")
  private Duration deadline = Duration.ofSeconds(5);

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "How long all of it may take (default: 2m).")
  private Duration timeout = Duration.ofMinutes(2);

  @Mixin private UserOptions users = new UserOptions();
  @Mixin private EchoOptions echo = new EchoOptions();
  @Mixin private ProbeOptions probe = new ProbeOptions();
  @Mixin private FamilyOptions families = new FamilyOptions();
  @Mixin private TrustOptions trust = new TrustOptions();

  TurnTestCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Optional<ProbeFormat> format = probe.format();
    if (format.filter(ProbeFormat.NAGIOS::equals).isPresent()) {
      return nagios();
    }
    TestPlan plan = plan();
    long began = System.nanoTime();
    TurnTestView view = new TurnTestView(run(plan));
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    if (format.isPresent()) {
      console.print(
          PrometheusText.of(
              view.results(),
              view.exitCode().number() == 0,
              plan.user().minted() ? Optional.empty() : plan.user().expiry(),
              took));
    } else {
      console.show(view);
    }
    return view.exitCode().number();
  }

  /** A plugin tells whatever hinders it on the same line. */
  private int nagios() {
    try {
      Threshold warning = probe.warning();
      Threshold critical = probe.critical();
      NagiosLine line = NagiosLine.of(run(plan()), warning, critical);
      console.print(line.text());
      return line.state().status();
    } catch (Fault e) {
      console.print("TURN UNKNOWN - " + e.line().replace('|', '/'));
      return NagiosLine.State.UNKNOWN.status();
    }
  }

  private List<WayResult> run(TestPlan plan) {
    NetworkRuntime.Builder builder = NetworkRuntime.builder();
    trust.authorities().ifPresent(builder::trustedAuthorities);
    try (NetworkRuntime runtime = builder.build()) {
      return TestRun.run(runtime, plan, console);
    }
  }

  private TestPlan plan() {
    Set<TestPlan.Way> ways = new LinkedHashSet<>();
    for (String word : words) {
      RelayTarget target = RelayTarget.parse(word, transports);
      target
          .ways()
          .forEach(
              uri ->
                  ways.add(
                      new TestPlan.Way(uri, trust.identity(target.host()), target.demanded())));
    }
    return new TestPlan(
        List.copyOf(ways),
        families.families(),
        relayedFamilies(),
        !relayed.isEmpty(),
        users.user(console, InstantSource.system()),
        Optional.ofNullable(realm),
        echo.plan(),
        deadline,
        timeout);
  }

  private Set<IpFamily> relayedFamilies() {
    if (relayed.isEmpty()) {
      return EnumSet.allOf(IpFamily.class);
    }
    List<IpFamily> chosen = new ArrayList<>();
    for (String word : relayed) {
      chosen.add(
          switch (word.strip().toLowerCase(Locale.ROOT)) {
            case "ipv4", "4" -> IpFamily.IPV4;
            case "ipv6", "6" -> IpFamily.IPV6;
            default ->
                throw Fault.usage(
                    "there is no IP version '" + word + "'", "choose from ipv4, ipv6");
          });
    }
    return EnumSet.copyOf(chosen);
  }
}

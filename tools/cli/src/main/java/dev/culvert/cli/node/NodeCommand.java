package dev.culvert.cli.node;

import dev.culvert.cli.Console;
import dev.culvert.cli.ExitCode;
import dev.culvert.cli.Fault;
import dev.culvert.identity.CertifiedKey;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.transport.server.ListenException;
import dev.culvert.transport.server.StunListener;
import dev.culvert.transport.server.StunServer;
import dev.culvert.transport.server.StunServerConfig;
import dev.culvert.transport.server.TlsIdentity;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code culvert node}. */
@Command(
    name = "node",
    header = "Runs a STUN server that tells others how they look from outside.",
    description = {
      "Answers STUN Binding requests over UDP and TCP, and over TLS where asked. With a second"
          + " address of this machine (--alternate) it also serves 'culvert check' and other RFC"
          + " 5780 clients with all they need to diagnose a NAT.",
      "Prints one line on standard output once it answers: 'ready stun udp=ADDRESS:PORT,…"
          + " tcp=… tls=… pin=sha256//…'. SIGTERM and Ctrl-C end it with exit code 0."
    })
public final class NodeCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = "--listen",
      paramLabel = "ADDRESS[:PORT]",
      description =
          "Where to answer over UDP and TCP, port 3478 if left out; may be repeated. 0.0.0.0 and ::"
              + " stand for all local addresses, now and later (default: both).")
  private List<String> listen = new ArrayList<>();

  @Option(
      names = "--alternate",
      paramLabel = "ADDRESS[:PORT]",
      description =
          "A second address of this machine and a second port, 3479 if left out: adds RFC 5780 to"
              + " the --listen of the same IP version.")
  private List<String> alternate = new ArrayList<>();

  @Option(
      names = "--tls-listen",
      paramLabel = "ADDRESS[:PORT]",
      description = "Where to answer over TLS, port 5349 if left out; may be repeated.")
  private List<String> tlsListen = new ArrayList<>();

  @Option(
      names = "--cert",
      paramLabel = "FILE",
      description =
          "PEM file with the certificate for TLS and those that vouch for it (default: a self-made"
              + " one, whose pin stands in the ready line).")
  private @Nullable Path certificate;

  @Option(names = "--key", paramLabel = "FILE", description = "PEM file with its private key.")
  private @Nullable Path key;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads that answer (default: one per processor).")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--drain",
      paramLabel = "SECONDS",
      description =
          "How long open connections may finish what they began at the end (default: ${DEFAULT-VALUE}).")
  private int drainSeconds = 5;

  @ArgGroup(validate = false, heading = "%nLimits:%n")
  private LimitOptions limits = new LimitOptions();

  /** A command that speaks through {@code console}. */
  public NodeCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    List<StunListener> listeners = listeners();
    Optional<CertifiedKey> identity = identity();
    StunServerConfig config =
        StunServerConfig.of(
                listeners, identity.map(own -> new TlsIdentity(own.privateKey(), own.chain())))
            .withLimits(limits.rate(), limits.connections())
            .withThreads(threadCount());
    serve(start(config), identity.map(own -> own.pin().toString()));
    return ExitCode.OK.number();
  }

  private List<StunListener> listeners() {
    List<TransportAddress> plain = addresses("--listen", listen, Listeners.STUN_PORT);
    List<TransportAddress> second = addresses("--alternate", alternate, Listeners.ALTERNATE_PORT);
    List<TransportAddress> secure = addresses("--tls-listen", tlsListen, Listeners.STUNS_PORT);
    if (plain.isEmpty() && !second.isEmpty()) {
      throw Fault.usage(
          "--alternate without --listen", "name the first address too: --listen A --alternate B");
    }
    return Listeners.of(plain.isEmpty() ? everywhere() : plain, second, secure);
  }

  private static List<TransportAddress> addresses(String option, List<String> texts, int port) {
    return texts.stream().map(text -> ListenAddress.parse(option, text, port)).toList();
  }

  private static List<TransportAddress> everywhere() {
    List<TransportAddress> all = new ArrayList<>();
    all.add(wildcard("0.0.0.0"));
    try {
      boolean ipv6 =
          NetworkInterface.networkInterfaces()
              .flatMap(NetworkInterface::inetAddresses)
              .anyMatch(ip -> ip instanceof Inet6Address);
      if (ipv6) {
        all.add(wildcard("::"));
      }
    } catch (SocketException e) {
      log().debug("cannot list the local addresses", e);
    }
    return all;
  }

  private static TransportAddress wildcard(String text) {
    InetAddress ip = IpLiterals.parse(text).orElseThrow();
    return new TransportAddress(ip, Listeners.STUN_PORT);
  }

  private int threadCount() {
    if (threads < 1 || threads > 256) {
      throw Fault.usage("--threads " + threads + " is out of range", "write 1 to 256");
    }
    return threads;
  }

  private Optional<CertifiedKey> identity() {
    if ((certificate == null) != (key == null)) {
      throw Fault.usage(
          "--cert and --key belong together", "give both, or none for a self-made certificate");
    }
    if (tlsListen.isEmpty()) {
      if (certificate != null) {
        throw Fault.usage("--cert without --tls-listen", "say where TLS shall be answered");
      }
      return Optional.empty();
    }
    if (certificate != null && key != null) {
      return Optional.of(NodeTls.read(certificate, key));
    }
    List<TransportAddress> names = addresses("--tls-listen", tlsListen, Listeners.STUNS_PORT);
    console.say("TLS uses a self-made certificate; clients pin its key, see the ready line.");
    return Optional.of(NodeTls.selfMade(names, new SecureRandom(), Instant.now()));
  }

  private static StunServer start(StunServerConfig config) {
    try {
      return StunServer.start(config);
    } catch (ListenException e) {
      throw switch (e.reason()) {
        case IN_USE -> Fault.usage(e.fault(), "stop what has it, or listen on another port");
        case NOT_LOCAL ->
            Fault.usage(e.fault(), "name an address of this machine, or 0.0.0.0 or :: for all");
        case NOT_PERMITTED ->
            new Fault(
                ExitCode.NOT_AUTHORISED,
                e.fault(),
                "take a port above 1023, or grant CAP_NET_BIND_SERVICE");
        case OTHER -> new Fault(ExitCode.NO_NETWORK, e.fault(), "listen elsewhere");
      };
    }
  }

  /** Until a signal or an interrupt. */
  private void serve(StunServer server, Optional<String> pin) {
    Duration deadline = Duration.ofSeconds(Math.max(0, drainSeconds));
    // A signal ends the process once its hooks have run; halting gives it the exit code of success.
    Thread onSignal =
        new Thread(
            () -> {
              end(server, deadline);
              Runtime.getRuntime().halt(ExitCode.OK.number());
            },
            "culvert-drain");
    Runtime.getRuntime().addShutdownHook(onSignal);
    console.show(new ReadyView(server, pin));
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Runtime.getRuntime().removeShutdownHook(onSignal);
      end(server, deadline);
    }
  }

  private static void end(StunServer server, Duration deadline) {
    server.drain(deadline);
    Logger log = log();
    server.counts().forEach((what, count) -> log.debug("{}: {}", what.label(), count));
  }

  /** Not a constant: the options that this class declares say what is logged. */
  private static Logger log() {
    return LoggerFactory.getLogger(NodeCommand.class);
  }
}

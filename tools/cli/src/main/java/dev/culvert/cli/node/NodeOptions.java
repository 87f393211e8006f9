package dev.culvert.cli.node;

import dev.culvert.cli.node.manage.ManagementOptions;
import dev.culvert.cli.node.rendezvous.RendezvousLimitOptions;
import dev.culvert.cli.node.rendezvous.RendezvousOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/**
 * What a node is told, by the command line, the environment or a file; a mixin of every command
 * that wants it. A new option has its key and variable by itself; one whose value nobody should see
 * says so in its label (PASSWORD, SECRET or TOKEN). {@code docs/node.yaml} is then written anew,
 * see NodeExampleTest.
 */
final class NodeOptions {
  @Option(
      names = "--listen",
      paramLabel = "ADDRESS[:PORT]",
      description =
          "Where to answer over UDP and TCP, port 3478 if left out; may be repeated. 0.0.0.0 and ::"
              + " stand for all local addresses, now and later (default: both).")
  List<String> listen = new ArrayList<>();

  @Option(
      names = "--alternate",
      paramLabel = "ADDRESS[:PORT]",
      description =
          "A second address of this machine and a second port, 3479 if left out: adds RFC 5780 to"
              + " the --listen of the same IP version.")
  List<String> alternate = new ArrayList<>();

  @Option(
      names = "--tls-listen",
      paramLabel = "ADDRESS[:PORT]",
      description = "Where to answer over TLS, port 5349 if left out; may be repeated.")
  List<String> tlsListen = new ArrayList<>();

  @Option(
      names = "--dtls-listen",
      paramLabel = "ADDRESS[:PORT]",
      description = "Where to answer over DTLS, port 5349 if left out; may be repeated.")
  List<String> dtlsListen = new ArrayList<>();

  @Option(
      names = "--cert",
      paramLabel = "FILE",
      description =
          "PEM file with the certificate for TLS and DTLS and those that vouch for it (default: a"
              + " self-made one, whose pin stands in the ready line).")
  @Nullable Path certificate;

  @Option(names = "--key", paramLabel = "FILE", description = "PEM file with its key.")
  @Nullable Path key;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads that answer (default: one per processor).")
  int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--drain",
      paramLabel = "SECONDS",
      description =
          "How long open connections may finish what they began at the end (default:"
              + " ${DEFAULT-VALUE}).")
  int drainSeconds = 5;

  @ArgGroup(validate = false, heading = "%nTLS:%n")
  TlsOptions tls = new TlsOptions();

  @ArgGroup(validate = false, heading = "%nRelay:%n")
  RelayOptions relay = new RelayOptions();

  @ArgGroup(validate = false, heading = "%nLimits of the relay:%n")
  RelayLimitOptions relayLimits = new RelayLimitOptions();

  @ArgGroup(validate = false, heading = "%nRendezvous:%n")
  RendezvousOptions rendezvous = new RendezvousOptions();

  @ArgGroup(validate = false, heading = "%nLimits of the rendezvous:%n")
  RendezvousLimitOptions rendezvousLimits = new RendezvousLimitOptions();

  @ArgGroup(validate = false, heading = "%nManagement:%n")
  ManagementOptions management = new ManagementOptions();

  @ArgGroup(validate = false, heading = "%nLimits:%n")
  LimitOptions limits = new LimitOptions();
}

package dev.culvert.cli.node.rendezvous;

import dev.culvert.cli.Fault;
import dev.culvert.rendezvous.node.NodeLimits;
import picocli.CommandLine.Option;

/** The {@code --limit-…} options of the rendezvous. */
public final class RendezvousLimitOptions {
  @Option(
      names = "--limit-peers",
      paramLabel = "N",
      description =
          "Peers at once (default: ${DEFAULT-VALUE}); they are not among --limit-connections.")
  int peers = NodeLimits.STANDARD.connections();

  @Option(
      names = "--limit-peers-per-network",
      paramLabel = "N",
      description =
          "The same from one network, an IPv4 /24 or an IPv6 /56 (default: ${DEFAULT-VALUE}).")
  int peersPerNetwork = NodeLimits.STANDARD.connectionsPerPrefix();

  @Option(
      names = "--limit-proofs",
      paramLabel = "N",
      description =
          "Signatures checked in a minute for all who come (default: ${DEFAULT-VALUE}); who has to"
              + " wait is told for how long.")
  int proofs = NodeLimits.STANDARD.proofs();

  @Option(
      names = "--limit-proofs-per-network",
      paramLabel = "N",
      description =
          "The same for one network's strangers (default: ${DEFAULT-VALUE}); whoever was here"
              + " lately is none.")
  int proofsPerNetwork = NodeLimits.STANDARD.proofsPerPrefix();

  @Option(
      names = "--limit-records",
      paramLabel = "N",
      description = "Peers that can be found at once (default: ${DEFAULT-VALUE}).")
  int records = NodeLimits.STANDARD.records();

  @Option(
      names = "--limit-namespaces",
      paramLabel = "N",
      description = "Namespaces that one peer can be found in (default: ${DEFAULT-VALUE}).")
  int namespaces = NodeLimits.STANDARD.namespacesPerPeer();

  @Option(
      names = "--limit-requests",
      paramLabel = "N",
      description = "Requests of one peer in a minute (default: ${DEFAULT-VALUE}).")
  int requests = NodeLimits.STANDARD.requests();

  @Option(
      names = "--limit-signals",
      paramLabel = "N",
      description = "Messages from one peer in a minute (default: ${DEFAULT-VALUE}).")
  int signals = NodeLimits.STANDARD.signals();

  @Option(
      names = "--limit-signals-per-target",
      paramLabel = "N",
      description = "Messages to one peer in a minute, of all others (default: ${DEFAULT-VALUE}).")
  int signalsPerTarget = NodeLimits.STANDARD.signalsPerTarget();

  /** The limits, all as they are by default. */
  public RendezvousLimitOptions() {}

  NodeLimits limits() {
    return new NodeLimits(
        checked("--limit-peers", peers),
        checked("--limit-peers-per-network", peersPerNetwork),
        checked("--limit-proofs-per-network", proofsPerNetwork),
        checked("--limit-proofs", proofs),
        checked("--limit-records", records),
        checked("--limit-namespaces", namespaces),
        checked("--limit-requests", requests),
        checked("--limit-signals", signals),
        checked("--limit-signals-per-target", signalsPerTarget));
  }

  private static int checked(String flag, int value) {
    if (value < 1) {
      throw Fault.usage(flag + ": a limit is 1 or more, not " + value, "leave it out or raise it");
    }
    return value;
  }
}

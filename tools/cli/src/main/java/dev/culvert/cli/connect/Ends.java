package dev.culvert.cli.connect;

import dev.culvert.cli.ExitCode;
import dev.culvert.cli.Fault;
import dev.culvert.peer.PeerEnd;
import dev.culvert.peer.PeerEnd.Kind;

/** What the command says of a connection that is over, or never came to be. */
final class Ends {
  private Ends() {}

  /** The exit code for a connection that ended before its work was done. */
  static ExitCode exitCode(Kind kind) {
    return switch (kind) {
      case NOT_FOUND, NO_NODE, NO_PATH, PEER_CLOSED, CLOSED -> ExitCode.UNREACHABLE;
      case TIMED_OUT -> ExitCode.TIMEOUT;
      case DECLINED, NOT_WHO_IT_SAYS -> ExitCode.NOT_AUTHORISED;
      case LIMIT -> ExitCode.INCONCLUSIVE;
      case HERE -> ExitCode.NO_NETWORK;
    };
  }

  static Fault fault(PeerEnd end) {
    return new Fault(exitCode(end.kind()), end.words(), mend(end.kind()));
  }

  private static String mend(Kind kind) {
    return switch (kind) {
      case NOT_FOUND -> "see that it listens, at a node that both of you use";
      case NO_NODE -> "name a node that runs with --node";
      case NO_PATH -> "allow a relay on both sides, or look at --trace with 'culvert ice explain'";
      case TIMED_OUT ->
          "see that it listens, and that this peer may call: it does not answer others";
      case DECLINED -> "ask for an invite";
      case NOT_WHO_IT_SAYS -> "compare the id with whom you want to reach";
      case LIMIT -> "try again later";
      case PEER_CLOSED, CLOSED, HERE -> "";
    };
  }
}

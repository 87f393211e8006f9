package dev.culvert.cli.turn;

import dev.culvert.cli.ExitCode;
import dev.culvert.cli.turn.Trouble.Cause;
import dev.culvert.detect.IpFamily;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.StunUri;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What came of one way to a relay: a transport, a version of IP, and one that it relays.
 *
 * @param way which of the plan's ways
 * @param family the version of IP between this host and the relay
 * @param relayedFamily the version of IP between the relay and peers; empty if it never came to
 *     that
 * @param outcome whether datagrams go through
 * @param server the address asked; empty if there was none
 * @param allocation what the relay gave; empty if nothing
 * @param echo what came back; empty if nothing was sent
 * @param throughput what it carried; empty if that was not asked for, or it came to nothing
 * @param trouble why it failed or was left out; empty if it passed
 * @param notes what else people should know, a sentence each
 */
record WayResult(
    TestPlan.Way way,
    IpFamily family,
    Optional<IpFamily> relayedFamily,
    Outcome outcome,
    Optional<TransportAddress> server,
    Optional<Allocation> allocation,
    Optional<Echo> echo,
    Optional<Throughput> throughput,
    Optional<Trouble> trouble,
    List<String> notes) {

  WayResult {
    notes = List.copyOf(notes);
  }

  /** Whether datagrams go through. */
  enum Outcome {
    /** They do. */
    PASS,
    /** They do not. */
    FAIL,
    /** It was not, or could not be, tried. */
    SKIP
  }

  /**
   * What a relay gave.
   *
   * @param server who gave it: the one asked, or one that it named instead
   * @param relayed where peers send to
   * @param mapped this host as the relay sees it
   * @param lifetime for how long without a refresh
   * @param took how long it took from the first packet on, connection and challenge included
   * @param realm its realm; empty if it asked for no credentials
   * @param software what it says it is; empty if it says nothing
   */
  record Allocation(
      TransportAddress server,
      TransportAddress relayed,
      TransportAddress mapped,
      Duration lifetime,
      Duration took,
      Optional<String> realm,
      Optional<String> software) {}

  /**
   * What came back through a relay.
   *
   * @param peer who sent it back, in words
   * @param address the peer as the relay sees it
   * @param figures how much, and how fast
   */
  record Echo(String peer, TransportAddress address, EchoFigures figures) {}

  Transport transport() {
    return way.uri().transport();
  }

  StunUri uri() {
    return way.uri();
  }

  /** What a failure is for the exit code; {@link ExitCode#OK} unless it failed. */
  ExitCode failure() {
    return outcome == Outcome.FAIL
        ? trouble.map(its -> its.cause().exitCode()).orElse(ExitCode.INCONCLUSIVE)
        : ExitCode.OK;
  }

  /** One that was not tried. */
  static WayResult skip(
      TestPlan.Way way, IpFamily family, Optional<TransportAddress> server, Trouble why) {
    return untried(way, family, server, why, Outcome.SKIP);
  }

  /** One that failed before there was anything to try. */
  static WayResult fail(
      TestPlan.Way way, IpFamily family, Optional<TransportAddress> server, Trouble why) {
    return untried(way, family, server, why, Outcome.FAIL);
  }

  private static WayResult untried(
      TestPlan.Way way,
      IpFamily family,
      Optional<TransportAddress> server,
      Trouble why,
      Outcome outcome) {
    return new WayResult(
        way,
        family,
        Optional.empty(),
        outcome,
        server,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(why),
        List.of());
  }

  /** Whether another relayed address over the same way would meet the same trouble. */
  boolean stopsTheWay() {
    return outcome != Outcome.PASS
        && allocation.isEmpty()
        && trouble.filter(its -> its.cause() == Cause.NO_RELAYED_FAMILY).isEmpty();
  }
}

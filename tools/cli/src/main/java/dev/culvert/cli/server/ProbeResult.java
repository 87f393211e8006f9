package dev.culvert.cli.server;

import dev.culvert.cli.ExitCode;
import dev.culvert.detect.IpFamily;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What came of asking a server over one transport and family.
 *
 * @param transport how it was asked
 * @param family the version of IP
 * @param outcome whether it answered
 * @param server the address asked; empty if there was none
 * @param local the address asked from; empty if it never came to that
 * @param reflexive the address the server saw; empty without a success response
 * @param roundTrip the time from request to answer; empty if it had to be asked twice
 * @param software what the server says it is; empty if it says nothing
 * @param rfc5780 what was learnt about its second address; asked over UDP only
 * @param failure what a failure is for the exit code; {@link ExitCode#OK} unless it failed
 * @param reason one sentence for people on a failure or a skip, otherwise empty
 */
public record ProbeResult(
    Transport transport,
    IpFamily family,
    Outcome outcome,
    Optional<TransportAddress> server,
    Optional<TransportAddress> local,
    Optional<TransportAddress> reflexive,
    Optional<Duration> roundTrip,
    Optional<String> software,
    Optional<Rfc5780Support> rfc5780,
    ExitCode failure,
    String reason) {

  /** Whether a server answered. */
  public enum Outcome {
    /** It answered rightly. */
    PASS,
    /** It did not. */
    FAIL,
    /** It could not be asked. */
    SKIP
  }

  /** The same with what was learnt about the second address. */
  ProbeResult with(Rfc5780Support support) {
    return new ProbeResult(
        transport,
        family,
        outcome,
        server,
        local,
        reflexive,
        roundTrip,
        software,
        Optional.of(support),
        failure,
        reason);
  }

  /** The same with another round trip where that is quicker. */
  ProbeResult quicker(Optional<Duration> other) {
    Optional<Duration> best =
        Stream.concat(roundTrip.stream(), other.stream()).min(Comparator.naturalOrder());
    return new ProbeResult(
        transport, family, outcome, server, local, reflexive, best, software, rfc5780, failure,
        reason);
  }

  static ProbeResult skip(Transport transport, IpFamily family, String reason) {
    return new ProbeResult(
        transport,
        family,
        Outcome.SKIP,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        ExitCode.OK,
        reason);
  }

  static ProbeResult fail(
      Transport transport,
      IpFamily family,
      TransportAddress server,
      Optional<TransportAddress> local,
      ExitCode failure,
      String reason) {
    return new ProbeResult(
        transport,
        family,
        Outcome.FAIL,
        Optional.of(server),
        local,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        failure,
        reason);
  }
}

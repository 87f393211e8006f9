package dev.culvert.cli.server;

import dev.culvert.cli.ExitCode;
import dev.culvert.cli.server.ProbeResult.Outcome;
import dev.culvert.detect.IpFamily;
import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.ClientRequest;
import dev.culvert.stun.RetransmissionPolicy;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransactionOutcome;
import dev.culvert.stun.TransactionOutcome.Refused;
import dev.culvert.stun.TransactionOutcome.Responded;
import dev.culvert.stun.TransactionOutcome.TimedOut;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.MappedAddress;
import dev.culvert.stun.attribute.OtherAddress;
import dev.culvert.stun.attribute.Software;
import dev.culvert.stun.attribute.XorMappedAddress;
import java.time.Duration;
import java.util.Optional;

/** One Binding request over one transport to one address, and what came of it. */
final class BindingAttempt implements FlowOwner {
  private static final RetransmissionPolicy OVER_UDP =
      RetransmissionPolicy.exponential(Duration.ofMillis(250), 7, 16);

  private static final Duration AGAIN = Duration.ofMillis(500);

  private final ServerProbe probe;
  private final ProbePlan plan;
  private final Transport transport;
  private final TransportAddress server;
  private Optional<TransportAddress> local = Optional.empty();
  private Optional<String> garbage = Optional.empty();
  private Optional<ProbeResult> passed = Optional.empty();
  private long flowId;
  private boolean done;

  BindingAttempt(ServerProbe probe, ProbePlan plan, Transport transport, TransportAddress server) {
    this.probe = probe;
    this.plan = plan;
    this.transport = transport;
    this.server = server;
  }

  void begin() {
    flowId = probe.open(transport, server, this);
  }

  @Override
  public void opened(Flow flow, MonotonicTime now) {
    local = Optional.of(flow.local());
    ClientRequest request = ClientRequest.binding(flow, probe.newTransactionId());
    probe.ask(
        transport.isStream() ? request : request.withPolicy(OVER_UDP), now, this::transactionEnded);
  }

  @Override
  public void ended(CloseCause cause, String detail, MonotonicTime now) {
    if (cause == CloseCause.UNREACHABLE && local.isEmpty() && !transport.isStream()) {
      finish(
          ProbeResult.skip(
              transport, family(), "this host has no way to " + family() + " addresses"));
    } else {
      fail(exitCode(cause), words(cause, detail));
    }
  }

  @Override
  public void garbage(String what, MonotonicTime now) {
    garbage = Optional.of(what);
    if (transport.isStream()) {
      fail(ExitCode.INCONCLUSIVE, garbled(what));
    }
  }

  @Override
  public void timeUp(MonotonicTime now) {
    if (passed.isPresent()) {
      finish(passed.get());
      return;
    }
    String seconds = plan.deadline().toMillis() / 1000.0 + " s";
    String silent =
        local.isEmpty() ? "no connection within " + seconds : "no answer within " + seconds;
    fail(
        garbage.isPresent() ? ExitCode.INCONCLUSIVE : ExitCode.TIMEOUT,
        garbage.map(BindingAttempt::garbled).orElse(silent));
  }

  private void transactionEnded(TransactionOutcome outcome, MonotonicTime now) {
    if (outcome instanceof Responded responded) {
      responded(responded, now);
    } else if (outcome instanceof Refused refused) {
      fail(exitCode(refused.cause()), words(refused.cause(), ""));
    } else if (outcome instanceof TimedOut) {
      timeUp(now);
    } else {
      fail(ExitCode.INCONCLUSIVE, "its answer holds what RFC 8489 does not allow");
    }
  }

  private void responded(Responded responded, MonotonicTime now) {
    StunMessage message = responded.response().message();
    Optional<ErrorCode> error = message.error();
    Optional<TransportAddress> reflexive =
        message
            .first(XorMappedAddress.class)
            .map(XorMappedAddress::address)
            .or(() -> message.first(MappedAddress.class).map(MappedAddress::address));
    if (error.isPresent()) {
      int code = error.get().code();
      boolean forbidden = code == ErrorCode.UNAUTHENTICATED || code == ErrorCode.FORBIDDEN;
      fail(
          forbidden ? ExitCode.NOT_AUTHORISED : ExitCode.INCONCLUSIVE,
          "it answers with error " + code + " " + printable(error.get().reason()));
    } else if (reflexive.isEmpty()) {
      fail(ExitCode.INCONCLUSIVE, "its answer holds no address");
    } else {
      passed(responded, message, reflexive, now);
    }
  }

  private void passed(
      Responded responded,
      StunMessage message,
      Optional<TransportAddress> reflexive,
      MonotonicTime now) {
    ProbeResult result =
        new ProbeResult(
            transport,
            family(),
            Outcome.PASS,
            Optional.of(server),
            local,
            reflexive,
            responded.roundTrip(),
            message.first(Software.class).map(Software::description).map(BindingAttempt::printable),
            Optional.empty(),
            ExitCode.OK,
            "");
    passed = Optional.of(result);
    // The first round trip of a process pays for much that has nothing to do with the network.
    Flow flow = responded.request().flow();
    ClientRequest again = ClientRequest.binding(flow, probe.newTransactionId());
    probe.ask(
        again.withPolicy(RetransmissionPolicy.once(AGAIN)),
        now,
        (outcome, at) -> secondTrip(result, message, responded.elapsed(), outcome));
  }

  private void secondTrip(
      ProbeResult first, StunMessage message, Duration elapsed, TransactionOutcome outcome) {
    Optional<Duration> second =
        outcome instanceof Responded responded ? responded.roundTrip() : Optional.empty();
    ProbeResult result = first.quicker(second);
    if (transport != Transport.UDP || !plan.rfc5780()) {
      finish(result);
      return;
    }
    Optional<TransportAddress> other = message.first(OtherAddress.class).map(OtherAddress::address);
    probe.close(flowId);
    SecondAddress.examine(probe, server, other, elapsed, support -> finish(result.with(support)));
  }

  private void fail(ExitCode failure, String reason) {
    if (passed.isPresent()) {
      finish(passed.get());
      return;
    }
    finish(ProbeResult.fail(transport, family(), server, local, failure, reason));
  }

  private void finish(ProbeResult result) {
    if (!done) {
      done = true;
      probe.close(flowId);
      probe.done(result);
    }
  }

  private IpFamily family() {
    return IpFamily.of(server.ip());
  }

  private static String garbled(String what) {
    return "something answers, but not STUN (" + printable(what) + ")";
  }

  /** A server's words on one line, without control characters and of bearable length. */
  private static String printable(String text) {
    String clean = text.replaceAll("\\p{Cntrl}+", " ").strip();
    return clean.length() > 80 ? clean.substring(0, 80) + "..." : clean;
  }

  private static ExitCode exitCode(CloseCause cause) {
    return switch (cause) {
      case TIMED_OUT -> ExitCode.TIMEOUT;
      case UNTRUSTED -> ExitCode.NOT_AUTHORISED;
      case HANDSHAKE_FAILED, OVERFLOW -> ExitCode.INCONCLUSIVE;
      case FINISHED, REFUSED, UNREACHABLE, PROHIBITED, RESET, OTHER -> ExitCode.UNREACHABLE;
    };
  }

  private static String words(CloseCause cause, String detail) {
    String said = detail.isEmpty() ? "" : " (" + printable(detail) + ")";
    return switch (cause) {
      case FINISHED -> "it closed the connection without an answer";
      case REFUSED -> "nobody listens there";
      case TIMED_OUT -> "no connection in time";
      case UNREACHABLE -> "there is no way to it" + said;
      case PROHIBITED -> "a firewall forbids it" + said;
      case RESET -> "the connection was cut";
      case UNTRUSTED -> "its certificate is not trusted" + said;
      case HANDSHAKE_FAILED -> "the handshake failed" + said;
      case OVERFLOW, OTHER -> detail.isEmpty() ? "it failed" : printable(detail);
    };
  }
}

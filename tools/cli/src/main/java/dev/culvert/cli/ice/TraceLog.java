package dev.culvert.cli.ice;

import dev.culvert.cli.ice.trace.TraceLine;
import dev.culvert.cli.ice.trace.TraceText;
import dev.culvert.ice.Candidate;
import dev.culvert.ice.IcePair;
import dev.culvert.ice.IcePath;
import dev.culvert.ice.IcePolicy;
import dev.culvert.ice.IceStep;
import dev.culvert.ice.text.IceDescription;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.session.Gathered;
import dev.culvert.session.SessionEvent;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Puts into lines what an {@link IcePeer} does ({@code docs/ice-trace.md}). No password gets into
 * them, nor a user name fragment.
 */
public final class TraceLog implements PeerTrace {
  private final Consumer<TraceLine> out;
  private Optional<MonotonicTime> began = Optional.empty();

  /** Hands on each line as it happens. */
  public TraceLog(Consumer<TraceLine> out) {
    this.out = out;
  }

  private TraceLine line(String kind, MonotonicTime now) {
    MonotonicTime zero = began.orElse(now);
    return TraceLine.of(millis(now.since(zero)), kind);
  }

  private static double millis(Duration time) {
    return time.toNanos() / 1e6;
  }

  /** It begins, with servers and a role that are not known yet. */
  public void begin(IcePolicy policy, MonotonicTime now) {
    began = Optional.of(now);
    out.accept(
        line("begin", now)
            .with("schema", TraceText.SCHEMA)
            .with("policy", PolicyConverter.word(policy)));
  }

  @Override
  public void begin(PeerTask task, MonotonicTime now) {
    began = Optional.of(now);
    out.accept(
        line("begin", now)
            .with("schema", TraceText.SCHEMA)
            .with("role", lower(task.role()))
            .with("policy", PolicyConverter.word(task.policy()))
            .with("patienceMillis", millis(task.patience())));
    task.config()
        .servers()
        .forEach(
            server ->
                out.accept(
                    line("server", now)
                        .with("server", server.name())
                        .with("use", "stun")
                        .with("address", server.address())));
    task.config()
        .relays()
        .forEach(
            relay ->
                out.accept(
                    line("server", now)
                        .with("server", relay.name())
                        .with("use", "relay")
                        .with("transport", lower(relay.config().transport()))
                        .with("address", relay.config().server())));
  }

  @Override
  public void told(SessionEvent event, MonotonicTime now) {
    if (event instanceof SessionEvent.Bound bound) {
      out.accept(
          line("bound", now)
              .with("interface", bound.address().interfaceName())
              .with("address", bound.local()));
    } else if (event instanceof SessionEvent.NotBound nothing) {
      out.accept(
          line("not-bound", now)
              .with("interface", nothing.address().interfaceName())
              .with("address", IpLiterals.format(nothing.address().ip(), false))
              .with("reason", nothing.reason()));
    } else if (event instanceof SessionEvent.Found found) {
      Gathered gathered = found.gathered();
      out.accept(
          candidate(line("candidate", now), gathered.candidate())
              .with("base", gathered.base().address())
              .with("server", gathered.server())
              .with("tookMillis", millis(gathered.took())));
    } else if (event instanceof SessionEvent.Seen seen) {
      out.accept(
          line("answered", now)
              .with("server", seen.server())
              .with("from", seen.from().map(ip -> IpLiterals.format(ip, false)))
              .with("mapped", seen.mapped())
              .with("tookMillis", millis(seen.took())));
    } else if (event instanceof SessionEvent.NotFound nothing) {
      out.accept(
          line("silent", now)
              .with("server", nothing.server())
              .with("from", nothing.from().map(ip -> IpLiterals.format(ip, false)))
              .with("reason", nothing.reason())
              .with("tookMillis", millis(nothing.took())));
    } else if (event instanceof SessionEvent.GatheringDone done) {
      out.accept(line("gathered", now).with("tookMillis", millis(done.took())));
    } else if (event instanceof SessionEvent.RestartAdvised advised) {
      out.accept(line("restart-advised", now).with("reason", advised.reason()));
    }
  }

  @Override
  public void described(boolean own, IceDescription description, MonotonicTime now) {
    out.accept(
        line("described", now)
            .with("side", own ? "own" : "peer")
            .with("candidates", description.candidates().size())
            .with("complete", description.complete())
            .with("lite", description.parameters().lite()));
  }

  @Override
  public void ended(PeerResult result, MonotonicTime now) {
    out.accept(
        line("ended", now)
            .with(
                "outcome",
                !result.isConnected() ? "unreachable" : result.isRelayed() ? "relayed" : "direct")
            .with("connectedMillis", result.connectedAfter().map(TraceLog::millis))
            .with("sent", result.echo().sent())
            .with("back", result.echo().back())
            .with("medianMillis", result.echo().median().map(TraceLog::millis))
            .with("failure", Optional.of(result.failure()).filter(text -> !text.isEmpty())));
  }

  @Override
  public void took(IceStep step, MonotonicTime now) {
    if (step instanceof IceStep.LocalRefused its) {
      out.accept(
          candidate(line("local-refused", now), its.candidate()).with("reason", its.reason()));
    } else if (step instanceof IceStep.PeerBegan) {
      out.accept(line("peer-began", now));
    } else if (step instanceof IceStep.PeerFailed) {
      out.accept(line("peer-failed", now));
    } else if (step instanceof IceStep.RemoteAdded its) {
      out.accept(candidate(line("remote", now), its.candidate()));
    } else if (step instanceof IceStep.RemoteRefused its) {
      out.accept(
          candidate(line("remote-refused", now), its.candidate()).with("reason", its.reason()));
    } else if (step instanceof IceStep.RemoteEnded) {
      out.accept(line("remote-ended", now));
    } else if (step instanceof IceStep.CheckReceived its) {
      out.accept(
          line("check-received", now)
              .with("flow", flow(its.flow()))
              .with("nominates", its.nominates()));
    } else if (step instanceof IceStep.CheckRejected its) {
      out.accept(
          line("check-rejected", now).with("flow", flow(its.flow())).with("code", its.code()));
    } else if (step instanceof IceStep.RoleChanged its) {
      out.accept(line("role", now).with("role", lower(its.role())).with("reason", its.reason()));
    } else if (step instanceof IceStep.PathChosen its) {
      out.accept(path(line("path", now), its.path()));
    } else if (step instanceof IceStep.PathLost) {
      out.accept(line("path-lost", now));
    } else if (step instanceof IceStep.Connecting its) {
      out.accept(pair("connecting", its.pair(), now).with("connection", its.id()));
    } else if (step instanceof IceStep.Disconnected its) {
      out.accept(
          line("disconnected", now).with("connection", its.id()).with("reason", its.reason()));
    } else if (step instanceof IceStep.KeepaliveChanged its) {
      out.accept(
          line("keepalive", now)
              .with("atMostMillis", millis(its.atMost()))
              .with("reason", its.reason()));
    } else if (step instanceof IceStep.Restarted) {
      out.accept(line("restarted", now));
    } else if (step instanceof IceStep.StateChanged its) {
      out.accept(line("state", now).with("state", lower(its.state())));
    } else if (step instanceof IceStep.Failed its) {
      out.accept(
          line("failed", now)
              .with("cause", lower(its.reason()))
              .with("reason", its.reason().words()));
    } else {
      ofPair(step, now);
    }
  }

  private void ofPair(IceStep step, MonotonicTime now) {
    if (step instanceof IceStep.PairMade its) {
      out.accept(
          pair("pair", its.pair(), now)
              .with("local", Say.candidate(its.pair().local()))
              .with("remote", Say.candidate(its.pair().remote()))
              .with("priority", its.priority()));
    } else if (step instanceof IceStep.PairDropped its) {
      out.accept(pair("pair-dropped", its.pair(), now));
    } else if (step instanceof IceStep.PairChanged its) {
      out.accept(
          pair("pair-state", its.pair(), now)
              .with("state", lower(its.state()))
              .with("reason", its.reason()));
    } else if (step instanceof IceStep.CheckSent its) {
      out.accept(
          pair("check-sent", its.pair(), now)
              .with("purpose", lower(its.purpose()))
              .with("sending", its.sending()));
    } else if (step instanceof IceStep.CheckAnswered its) {
      out.accept(
          pair("check-answered", its.pair(), now)
              .with("purpose", lower(its.purpose()))
              .with("roundTripMillis", its.roundTrip().map(TraceLog::millis))
              .with("mapped", its.mapped()));
    } else if (step instanceof IceStep.CheckRefused its) {
      out.accept(
          pair("check-refused", its.pair(), now)
              .with("purpose", lower(its.purpose()))
              .with("code", its.code())
              .with("reason", its.reason()));
    } else if (step instanceof IceStep.Selected its) {
      out.accept(pair("selected", its.pair(), now));
    } else if (step instanceof IceStep.PairSilent its) {
      out.accept(pair("pair-silent", its.pair(), now));
    } else if (step instanceof IceStep.PairWide its) {
      out.accept(pair("pair-wide", its.pair(), now));
    } else if (step instanceof IceStep.PairNarrow its) {
      out.accept(pair("pair-narrow", its.pair(), now));
    } else if (step instanceof IceStep.ConsentLost its) {
      out.accept(pair("consent-lost", its.pair(), now));
    }
  }

  private TraceLine pair(String kind, IcePair pair, MonotonicTime now) {
    return line(kind, now).with("pair", flow(pair.flow()));
  }

  private static TraceLine path(TraceLine line, IcePath path) {
    return line.with("pair", flow(path.flow()))
        .with("local", Say.candidate(path.local()))
        .with("remote", Say.candidate(path.remote()))
        .with("relayed", path.isRelayed())
        .with("selected", path.selected())
        .with("narrow", path.narrow())
        .with("roundTripMillis", path.roundTrip().map(TraceLog::millis));
  }

  private static TraceLine candidate(TraceLine line, Candidate candidate) {
    return line.with("type", candidate.type().word())
        .with("protocol", Say.protocol(candidate))
        .with("address", Say.address(candidate))
        .with("priority", candidate.priority());
  }

  private static String flow(Flow flow) {
    return flow.local() + ">" + flow.remote() + "/" + lower(flow.transport());
  }

  private static String lower(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}

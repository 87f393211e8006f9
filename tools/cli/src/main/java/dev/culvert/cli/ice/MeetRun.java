package dev.culvert.cli.ice;

import dev.culvert.cli.Console;
import dev.culvert.cli.ExitCode;
import dev.culvert.cli.Fault;
import dev.culvert.ice.IcePolicy;
import dev.culvert.ice.IceRole;
import dev.culvert.ice.text.IceDescription;
import dev.culvert.session.SessionEvent;
import dev.culvert.transport.NetworkRuntime;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Meets another host on sockets of this one, by descriptions that people or files carry. */
final class MeetRun {
  /** Enough to give allocations back over most lines, and bearable for who pressed Ctrl-C. */
  private static final long GOODBYE_MILLIS = 700;

  private final Console console;
  private final PeerOptions options;
  private final MeetOptions meeting;
  private final CompletableFuture<IceDescription> own = new CompletableFuture<>();
  private final CompletableFuture<PeerResult> result = new CompletableFuture<>();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private final Set<String> silent = new HashSet<>();

  MeetRun(Console console, PeerOptions options, MeetOptions meeting) {
    this.console = console;
    this.options = options;
    this.meeting = meeting;
  }

  /**
   * Does all of it.
   *
   * @param patience how long the other side may take to begin, once it is known
   * @return the exit code
   */
  int run(IceRole role, Duration patience) {
    int count = meeting.count();
    long deadline = System.nanoTime() + meeting.patience().toNanos();
    if (meeting.out().isEmpty() && console.redacts()) {
      throw Fault.usage(
          "--redact would spoil the description", "write it to a file with --out FILE");
    }
    if (meeting.trace().isPresent() && !meeting.engine().equals(Engines.CULVERT)) {
      throw Fault.usage(
          "--trace follows no engine but our own", "leave it out, or take --ice-engine culvert");
    }
    try (NetworkRuntime runtime = options.runtime()) {
      // Who answers is silent until there is something to answer.
      Optional<IceDescription> offer =
          role == IceRole.CONTROLLED ? read(deadline) : Optional.empty();
      PeerPlan plan = options.plan(console, runtime);
      plan.missing().forEach(each -> console.say(each.server() + ": " + each.reason()));
      PeerTask task =
          new PeerTask(plan.config(), plan.policy(), role, patience, count, meeting.keep());
      PeerResult end = traced(runtime, plan, task, offer, deadline);
      MeetView view = new MeetView(plan.policy(), end);
      console.show(view);
      return view.exitCode().number();
    }
  }

  private PeerResult traced(
      NetworkRuntime runtime,
      PeerPlan plan,
      PeerTask task,
      Optional<IceDescription> offer,
      long deadline) {
    if (!meeting.engine().equals(Engines.CULVERT)) {
      try (Meeter peer =
          new EnginePeer(Engines.make(meeting.engine(), plan, runtime), task, this::take)) {
        return meet(peer, offer, deadline);
      }
    }
    Optional<TraceFile> file = TraceFile.open(meeting.trace(), console);
    PeerTrace trace = file.<PeerTrace>map(its -> new TraceLog(its::write)).orElse(PeerTrace.NONE);
    try (Meeter peer = new DrivenPeer(runtime, task, trace, this::take)) {
      return meet(peer, offer, deadline);
    } finally {
      file.ifPresent(TraceFile::close);
    }
  }

  private PeerResult meet(Meeter peer, Optional<IceDescription> offer, long deadline) {
    Thread goodbye = new Thread(() -> leave(peer), "culvert-goodbye");
    Runtime.getRuntime().addShutdownHook(goodbye);
    try {
      offer.ifPresentOrElse(peer::meet, peer::begin);
      CompletableFuture.anyOf(own, result).join();
      if (own.isDone()) {
        tell(own.join());
        if (offer.isEmpty()) {
          answered(deadline).ifPresent(peer::meet);
        }
      }
      PeerResult end = result.join();
      leave(peer);
      return end;
    } finally {
      forget(goodbye);
    }
  }

  private void leave(Meeter peer) {
    peer.leave();
    closed.completeOnTimeout(null, GOODBYE_MILLIS, TimeUnit.MILLISECONDS).join();
  }

  private static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending already, so the hook has run.
    }
  }

  private void tell(IceDescription description) {
    String text = meeting.format().write(description);
    meeting
        .out()
        .ifPresentOrElse(
            file -> DescriptionFile.write(file, text),
            () -> {
              console.print(text);
              console.say("give that to the other side");
            });
  }

  /** The answer; empty if all was over before it came. */
  private Optional<IceDescription> answered(long deadline) {
    CompletableFuture<Optional<IceDescription>> answer = reading(() -> read(deadline));
    try {
      CompletableFuture.anyOf(result, answer).join();
      return answer.isDone() ? answer.join() : Optional.empty();
    } catch (CompletionException e) {
      if (e.getCause() instanceof Fault fault) {
        throw fault;
      }
      throw e;
    }
  }

  /** What the other side says; empty if all was over before it came. */
  private Optional<IceDescription> read(long deadline) {
    if (meeting.in().isPresent()) {
      return DescriptionFile.await(meeting.in().get(), deadline, result);
    }
    console.say("paste what the other side printed");
    CompletableFuture<IceDescription> pasted = reading(() -> StandardInput.read(console));
    try {
      return Optional.of(
          pasted.get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS));
    } catch (java.util.concurrent.TimeoutException e) {
      throw new Fault(
          ExitCode.TIMEOUT, "nobody pasted a description in time", "--wait gives more time");
    } catch (java.util.concurrent.ExecutionException e) {
      if (e.getCause() instanceof Fault fault) {
        throw fault;
      }
      throw new CompletionException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CompletionException(e);
    }
  }

  /** Nobody can end a read from standard input but its end; so it has a thread of its own. */
  private static <T> CompletableFuture<T> reading(Supplier<T> reader) {
    CompletableFuture<T> future = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                future.complete(reader.get());
              } catch (RuntimeException e) {
                future.completeExceptionally(e);
              }
            },
            "culvert-reader");
    thread.setDaemon(true);
    thread.start();
    return future;
  }

  /** On the driver's thread. */
  private void take(PeerEvent event) {
    if (event instanceof PeerEvent.Described described) {
      own.complete(described.description());
    } else if (event instanceof PeerEvent.Ended ended) {
      result.complete(ended.result());
    } else if (event instanceof PeerEvent.Closed) {
      closed.complete(null);
    } else if (event instanceof PeerEvent.PathChanged changed) {
      console.say(Say.path(changed.path()) + ", after " + Say.millis(changed.since()) + " ms");
    } else if (event instanceof PeerEvent.Pinged pinged && meeting.keep().isPresent()) {
      console.progress("there and back in " + Say.millis(pinged.roundTrip()) + " ms");
    } else if (event instanceof PeerEvent.Stale stale) {
      console.say(stale.reason() + ": begin anew if the other side does not get through");
    } else if (event instanceof PeerEvent.Gathering gathering) {
      gathered(gathering.event());
    }
  }

  private void gathered(SessionEvent event) {
    if (event instanceof SessionEvent.NotFound nothing) {
      // It is asked again and again, while people take their time.
      if (silent.add(nothing.server())) {
        console.say(nothing.server() + ": " + nothing.reason());
      }
    } else if (event instanceof SessionEvent.NotBound nothing) {
      console.say(nothing.address().ip().getHostAddress() + " is not used: " + nothing.reason());
    } else if (event instanceof SessionEvent.Found found && console.isVerbose()) {
      console.say(
          "candidate "
              + found.gathered().candidate().type().word()
              + " "
              + Say.address(found.gathered().candidate()));
    }
  }

  /** The exit code for a path, or for want of one. */
  static ExitCode exitCode(IcePolicy policy, PeerResult end) {
    if (!end.isConnected()) {
      return ExitCode.UNREACHABLE;
    }
    return end.isRelayed() && policy != IcePolicy.RELAY_ONLY ? ExitCode.RELAYED : ExitCode.OK;
  }
}

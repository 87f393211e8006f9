package dev.culvert.cli.punch;

import dev.culvert.cli.Console;
import dev.culvert.cli.ExitCode;
import dev.culvert.cli.Fault;
import dev.culvert.cli.ice.DescriptionFile;
import dev.culvert.session.LocalAddress;
import dev.culvert.session.meet.BareConfig;
import dev.culvert.session.meet.BareEvent;
import dev.culvert.session.meet.BareNote;
import dev.culvert.transport.MachineDriver;
import dev.culvert.transport.NetworkRuntime;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Punches a path on sockets of this host, by lines that people or files carry. */
final class PunchRun {
  private final Console console;
  private final PunchOptions options;
  private final CompletableFuture<BareNote> own = new CompletableFuture<>();
  private final CompletableFuture<PunchResult> result = new CompletableFuture<>();

  PunchRun(Console console, PunchOptions options) {
    this.console = console;
    this.options = options;
  }

  /**
   * Does all of it.
   *
   * @param program what to run on the path; none if it is empty
   * @return the exit code
   */
  int run(List<String> program) throws InterruptedException {
    int count = options.count();
    Duration patience = options.patience();
    Duration lead = options.lead();
    options.servers().check();
    List<LocalAddress> addresses = options.addresses();
    long deadline = System.nanoTime() + patience.toNanos();
    if (options.out().isEmpty() && console.redacts()) {
      throw Fault.usage("--redact would spoil the line", "write it to a file with --out FILE");
    }
    PunchResult end;
    try (NetworkRuntime runtime = NetworkRuntime.create()) {
      OtherLine line = new OtherLine(console, options.in(), options.answers());
      // Who answers is silent until there is something to answer.
      Optional<BareNote> first =
          options.answers() ? line.await(deadline, result) : Optional.empty();
      BareConfig config =
          BareConfig.of(addresses, options.servers().find(console, runtime), options.answers())
              .within(lead, patience);
      end = punch(runtime, config, count, line, first, deadline);
    }
    PunchView view = new PunchView(end);
    if (program.isEmpty() || !end.isGood()) {
      console.show(view);
      return view.exitCode().number();
    }
    console.showBeside(view);
    return BareProgram.run(console, program, end.opened().orElseThrow());
  }

  private PunchResult punch(
      NetworkRuntime runtime,
      BareConfig config,
      int count,
      OtherLine line,
      Optional<BareNote> first,
      long deadline) {
    PunchTalk talk = new PunchTalk(config, count, new SecureRandom(), InstantSource.system());
    try (MachineDriver<PunchMoment> driver = runtime.drive(talk, this::take)) {
      console.say("measuring the NAT");
      driver.execute(
          now -> {
            first.ifPresent(note -> talk.take(note, now));
            talk.advance(now);
          });
      CompletableFuture.anyOf(own, result).join();
      if (own.isDone()) {
        tell(own.join());
        if (first.isEmpty()) {
          line.await(deadline, result)
              .ifPresent(note -> driver.execute(now -> talk.take(note, now)));
        }
      }
      PunchResult end = result.join();
      driver.execute(talk::close);
      return end;
    }
  }

  private void tell(BareNote note) {
    options
        .out()
        .ifPresentOrElse(
            file -> DescriptionFile.write(file, note.write()),
            () -> {
              console.print(note.write());
              console.say("give that to the other side");
            });
  }

  /** On the driver's thread. */
  private void take(PunchMoment moment) {
    if (moment instanceof PunchMoment.Ended ended) {
      result.complete(ended.result());
    } else if (moment instanceof PunchMoment.Told told) {
      if (told.event() instanceof BareEvent.Described described) {
        own.complete(described.note());
      } else {
        words(told.event()).ifPresent(console::say);
      }
    }
  }

  private static Optional<String> words(BareEvent event) {
    String words = "";
    if (event instanceof BareEvent.Measured its) {
      words = its.traits().words() + "; seen at " + its.traits().reflexive();
    } else if (event instanceof BareEvent.Planned its) {
      words = its.plan() + "; begins " + when(its.in());
    } else if (event instanceof BareEvent.Began its && its.attempt() > 1) {
      words = "attempt " + its.attempt();
    } else if (event instanceof BareEvent.Missed its) {
      words = its.reason() + "; again " + when(its.in());
    } else if (event instanceof BareEvent.Stale its) {
      words = its.reason();
    }
    return Optional.of(words).filter(its -> !its.isEmpty());
  }

  private static String when(Duration in) {
    return in.isZero() ? "now" : "in " + Math.max(1, in.toSeconds()) + " s";
  }

  /** The exit code for a path, or for want of one. */
  static ExitCode exitCode(PunchResult end) {
    if (end.failed().isEmpty()) {
      return end.isGood() ? ExitCode.OK : ExitCode.UNREACHABLE;
    }
    return switch (end.failed().get().cause()) {
      case NO_SERVER -> ExitCode.NO_NETWORK;
      case CLOCKS -> ExitCode.USAGE;
      case NO_PLAN, FORBIDDEN_ADDRESS, SILENCE, SOCKET_LOST -> ExitCode.UNREACHABLE;
    };
  }
}

package dev.culvert.cli.introduce;

import dev.culvert.cli.Console;
import dev.culvert.cli.ExitCode;
import dev.culvert.cli.Fault;
import dev.culvert.identity.PeerKey;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.code.Card;
import dev.culvert.rendezvous.code.Code;
import dev.culvert.rendezvous.code.Introduced;
import dev.culvert.rendezvous.code.Introducer;
import dev.culvert.rendezvous.code.IntroductionEvent;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.transport.MachineDriver;
import dev.culvert.transport.NetworkRuntime;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Introduces this peer to another, on real sockets. */
final class IntroduceRun {
  /** Enough to take the number back, and bearable for who pressed Ctrl-C. */
  private static final long GOODBYE_MILLIS = 700;

  private final Console console;
  private final PeerKey key;
  private final Card card;
  private final List<KnownNode> nodes;
  private final Optional<ContactsFile> contacts;
  private final CompletableFuture<IntroductionEvent> end = new CompletableFuture<>();

  IntroduceRun(
      Console console,
      PeerKey key,
      Card card,
      List<KnownNode> nodes,
      Optional<ContactsFile> contacts) {
    this.console = console;
    this.key = key;
    this.card = card;
    this.nodes = nodes;
    this.contacts = contacts;
  }

  ExitCode run(Optional<Code> code) {
    SecureRandom random = new SecureRandom();
    InstantSource clock = InstantSource.system();
    MonotonicTime now = NetworkRuntime.now();
    Introducer introducer =
        code.map(its -> Introducer.guest(key, card, its, nodes, random, clock, now))
            .orElseGet(() -> Introducer.host(key, card, nodes, random, clock, now));
    try (NetworkRuntime runtime = NetworkRuntime.create()) {
      MachineDriver<IntroductionEvent> driver = runtime.drive(introducer, this::take);
      Thread goodbye = new Thread(() -> leave(driver, introducer), "culvert-goodbye");
      Runtime.getRuntime().addShutdownHook(goodbye);
      try {
        return finish(end.join(), introducer);
      } finally {
        leave(driver, introducer);
        forget(goodbye);
      }
    }
  }

  /** On the event loop. */
  private void take(IntroductionEvent event) {
    if (event instanceof IntroductionEvent.Ready ready) {
      console.show(new CodeView(ready.code(), ready.validity()));
      console.say("tell that to one person; waiting for it to come");
    } else if (event instanceof IntroductionEvent.Missed missed) {
      console.say(
          "somebody came with other words, or went away again; guesses left: " + missed.left());
    } else {
      end.complete(event);
    }
  }

  private ExitCode finish(IntroductionEvent last, Introducer introducer) {
    if (last instanceof IntroductionEvent.Met met) {
      Introduced whom = met.whom();
      console.show(new IntroducedView(whom));
      contacts.ifPresent(file -> file.add(whom));
      return ExitCode.OK;
    }
    if (last instanceof IntroductionEvent.Failed failed) {
      if (failed.cause() == IntroductionEvent.Cause.NO_NODE) {
        introducer.complaints().forEach(console::say);
      }
      throw new Fault(exitCode(failed.cause()), failed.cause().fault(), failed.cause().mend());
    }
    throw new IllegalStateException(last.toString());
  }

  private static ExitCode exitCode(IntroductionEvent.Cause cause) {
    return switch (cause) {
      case NO_NODE, NO_SUCH_CODE -> ExitCode.UNREACHABLE;
      case WRONG_WORDS, VOID -> ExitCode.NOT_AUTHORISED;
      case BROKEN_OFF -> ExitCode.INCONCLUSIVE;
      case EXPIRED -> ExitCode.TIMEOUT;
    };
  }

  private static void leave(MachineDriver<IntroductionEvent> driver, Introducer introducer) {
    CompletableFuture<Void> told = new CompletableFuture<>();
    driver.execute(
        now -> {
          introducer.close(now);
          told.complete(null);
        });
    told.completeOnTimeout(null, GOODBYE_MILLIS, TimeUnit.MILLISECONDS).join();
    driver.close();
  }

  private static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending already, so the hook has run.
    }
  }
}

package dev.culvert.cli.punch;

import dev.culvert.cli.Console;
import dev.culvert.cli.ExitCode;
import dev.culvert.cli.Fault;
import dev.culvert.cli.ice.DamagedException;
import dev.culvert.cli.ice.DescriptionFile;
import dev.culvert.session.meet.BareNote;
import dev.culvert.session.meet.BarePeer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The other side's line, which people paste or a file brings. */
final class OtherLine {
  private static final int LONGEST = 64 << 10;

  private final Console console;
  private final Optional<Path> file;
  private final boolean answers;

  /**
   * A line that was not read yet.
   *
   * @param file where it will be; empty for standard input
   * @param answers whether this side answers it
   */
  OtherLine(Console console, Optional<Path> file, boolean answers) {
    this.console = console;
    this.file = file;
    this.answers = answers;
  }

  /**
   * Waits for it.
   *
   * @param until when it is of no use any more
   * @return empty if that came first
   * @throws Fault if there is none in time, or it is none
   */
  Optional<BareNote> await(long deadlineNanos, CompletableFuture<?> until) {
    if (file.isPresent()) {
      return DescriptionFile.await(file.get(), deadlineNanos, until, this::whole);
    }
    console.say("paste what the other side printed");
    CompletableFuture<BareNote> pasted = pasting();
    try {
      long left = Math.max(1, deadlineNanos - System.nanoTime());
      CompletableFuture.anyOf(until, pasted).get(left, TimeUnit.NANOSECONDS);
      return pasted.isDone() ? Optional.of(pasted.join()) : Optional.empty();
    } catch (TimeoutException e) {
      throw new Fault(ExitCode.TIMEOUT, "nobody pasted a line in time", "--wait gives more time");
    } catch (ExecutionException e) {
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
  private CompletableFuture<BareNote> pasting() {
    CompletableFuture<BareNote> future = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                future.complete(paste());
              } catch (RuntimeException e) {
                future.completeExceptionally(e);
              }
            },
            "culvert-reader");
    thread.setDaemon(true);
    thread.start();
    return future;
  }

  private BareNote paste() {
    StringBuilder text = new StringBuilder();
    String refused = "there is no line of the other side";
    try {
      BufferedReader in =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      for (@Nullable String line = in.readLine(); line != null; line = in.readLine()) {
        if (text.length() == 0 && line.isBlank()) {
          continue;
        }
        text.append(line).append('\n');
        try {
          Optional<BareNote> note = part(text.toString());
          if (note.isPresent()) {
            return note.get();
          }
          refused = "the line is cut off; copy all of it";
        } catch (DamagedException e) {
          text.setLength(0);
          refused = String.valueOf(e.getMessage());
          if (!in.ready()) {
            console.say(refused + "; paste it again");
          }
        }
      }
    } catch (IOException e) {
      throw Fault.usage("standard input cannot be read", "--in FILE names a file");
    }
    throw Fault.usage(refused, "");
  }

  private BareNote whole(String text) throws DamagedException {
    return part(text).orElseThrow(() -> new DamagedException("the line is cut off"));
  }

  /** Empty if the end of it is still missing. */
  private Optional<BareNote> part(String text) throws DamagedException {
    if (text.length() > LONGEST) {
      throw new DamagedException("that is too long to be a line of 'culvert punch'");
    }
    Optional<BareNote> note;
    try {
      note = BareNote.read(text);
    } catch (IllegalArgumentException e) {
      throw new DamagedException(String.valueOf(e.getMessage()));
    }
    Optional<String> refusal = note.flatMap(its -> BarePeer.refusal(its, answers));
    if (refusal.isPresent()) {
      throw new DamagedException(refusal.get());
    }
    return note;
  }
}

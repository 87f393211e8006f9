package dev.culvert.cli.lab.side;

import dev.culvert.cli.Console;
import dev.culvert.cli.ExitCode;
import dev.culvert.sansio.Machine;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.transport.MachineDriver;
import dev.culvert.transport.NetworkRuntime;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A machine on this host's sockets that somebody talks to by lines: its events go to standard
 * output, each line of standard input to it; it ends with that input.
 *
 * @param <E> what the machine tells
 */
public final class LineTalk<E> {
  private final Machine<E> machine;
  private final Function<E, Optional<String>> words;

  /**
   * A talk that has not begun.
   *
   * @param words the line that tells an event; empty for the last one, after which nothing is told
   */
  public LineTalk(Machine<E> machine, Function<E, Optional<String>> words) {
    this.machine = machine;
    this.words = words;
  }

  /**
   * Talks until the input ends.
   *
   * @param onLine is given each line, on the machine's thread
   * @return the exit code
   */
  public int run(Console console, BiConsumer<String, MonotonicTime> onLine) throws IOException {
    try (NetworkRuntime runtime = NetworkRuntime.create();
        MachineDriver<E> driver = runtime.drive(machine, event -> tell(event, console, () -> {}))) {
      listen(driver, onLine);
    }
    return ExitCode.OK.number();
  }

  /**
   * Talks until the input ends, and then until the machine has told its last event, 1 s at most.
   *
   * @param onLine is given each line, on the machine's thread
   * @param goodbye asks the machine to end
   * @return the exit code
   */
  public int run(
      Console console, BiConsumer<String, MonotonicTime> onLine, Consumer<MonotonicTime> goodbye)
      throws IOException {
    CountDownLatch last = new CountDownLatch(1);
    try (NetworkRuntime runtime = NetworkRuntime.create();
        MachineDriver<E> driver =
            runtime.drive(machine, event -> tell(event, console, last::countDown))) {
      listen(driver, onLine);
      driver.execute(goodbye);
      if (!last.await(1, TimeUnit.SECONDS)) {
        return ExitCode.TIMEOUT.number();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ExitCode.INTERRUPTED.number();
    }
    return ExitCode.OK.number();
  }

  private void tell(E event, Console console, Runnable last) {
    words.apply(event).ifPresentOrElse(console::print, last);
  }

  private void listen(MachineDriver<E> driver, BiConsumer<String, MonotonicTime> onLine)
      throws IOException {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (@Nullable String line = in.readLine(); line != null; line = in.readLine()) {
        String heard = line;
        driver.execute(now -> onLine.accept(heard, now));
      }
    }
  }
}

package dev.culvert.it;

import dev.culvert.lab.LabHost;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A program on a host that is spoken with in messages, each ended by the same character. */
final class Dialogue implements AutoCloseable {
  private static final int TOLD = 60;
  private static final int LONGEST = 300;

  private final List<String> command;
  private final Process process;
  private final char end;
  private final Thread reader;
  private final List<String> heard = new ArrayList<>();
  private boolean silent;

  private Dialogue(List<String> command, Process process, char end) {
    this.command = command;
    this.process = process;
    this.end = end;
    this.reader = new Thread(this::read, "dialogue");
    reader.setDaemon(true);
  }

  /** Starts one; what it writes on its error output counts as well. */
  static Dialogue with(LabHost host, char end, List<String> command) throws IOException {
    Process process = host.command(command).redirectErrorStream(true).start();
    Dialogue dialogue = new Dialogue(command, process, end);
    dialogue.reader.start();
    return dialogue;
  }

  /** Tells it something. */
  void say(String message) throws IOException {
    OutputStream input = process.getOutputStream();
    synchronized (input) {
      input.write((message + end).getBytes(StandardCharsets.UTF_8));
      input.flush();
    }
  }

  /** How many messages it has sent by now. */
  int heard() {
    synchronized (heard) {
      return heard.size();
    }
  }

  /** The one of that number. */
  String message(int number) {
    synchronized (heard) {
      return heard.get(number);
    }
  }

  /** The number of the first wanted one at or after {@code from}, once there is one. */
  Optional<Integer> find(int from, Predicate<String> wanted, Duration limit)
      throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    int at = from;
    synchronized (heard) {
      while (true) {
        for (; at < heard.size(); at++) {
          if (wanted.test(heard.get(at))) {
            return Optional.of(at);
          }
        }
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (silent || left <= 0) {
          return Optional.empty();
        }
        heard.wait(left);
      }
    }
  }

  /** The first wanted message at or after {@code from}; a failure if none comes. */
  String await(int from, String what, Predicate<String> wanted) throws InterruptedException {
    return message(
        find(from, wanted, Limits.PROMPT)
            .orElseThrow(() -> new AssertionError("no " + what + " from " + this)));
  }

  @Override
  public String toString() {
    return told(message -> true);
  }

  /** The last of its messages that are of interest, shortened. */
  String told(Predicate<String> interesting) {
    synchronized (heard) {
      List<String> all = heard.stream().filter(interesting).toList();
      String last =
          all.stream()
              .skip(Math.max(0, all.size() - TOLD))
              .map(line -> line.length() > LONGEST ? line.substring(0, LONGEST) + "..." : line)
              .collect(Collectors.joining("\n"));
      return command.get(0) + (silent ? ", which ended:\n" : ":\n") + last;
    }
  }

  private void read() {
    StringBuilder message = new StringBuilder();
    try (Reader from = new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)) {
      char[] chunk = new char[4096];
      for (int n = from.read(chunk); n >= 0; n = from.read(chunk)) {
        for (int i = 0; i < n; i++) {
          if (chunk[i] == end) {
            add(message.toString());
            message.setLength(0);
          } else {
            message.append(chunk[i]);
          }
        }
      }
    } catch (IOException e) {
      // The pipe breaks when the process is killed; what it wrote until then stands.
    } finally {
      synchronized (heard) {
        silent = true;
        heard.notifyAll();
      }
    }
  }

  private void add(String message) {
    synchronized (heard) {
      heard.add(message);
      heard.notifyAll();
    }
  }

  /** Kills it and whatever it started. */
  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    try {
      process.waitFor();
      reader.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

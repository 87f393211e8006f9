package dev.culvert.lab.kernel;

import dev.culvert.lab.LabException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The first process of a lab: whoever ends it ends the lab, with every process, namespace and rule
 * in it.
 */
public final class Holder {
  /** Hides /run, puts the real script there, whose length is its first argument, and runs it. */
  private static final String BOOT =
      "exec 9</run; mount -t tmpfs -o mode=755 culvert-lab /run || exit; len=$1; shift;"
          + " head -c $len >/run/lab.sh; . /run/lab.sh";

  private static final long START_SECONDS = 120;
  private static final long END_SECONDS = 10;
  private static final long GLANCE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private final ProcessStamp stamp;
  private final boolean userNamespace;

  private Holder(ProcessStamp stamp, boolean userNamespace) {
    this.stamp = stamp;
    this.userNamespace = userNamespace;
  }

  /** One that was started earlier, perhaps by another program. */
  public static Holder of(ProcessStamp stamp, boolean userNamespace) {
    return new Holder(stamp, userNamespace);
  }

  /**
   * Starts one and waits until its lab is up.
   *
   * @param held whether it ends with this JVM, however that ends
   * @throws LabException if the machine does not let it
   */
  public static Holder start(String script, boolean held) throws LabException {
    Platform.requireLinux();
    boolean userNamespace = !Platform.mayMakeNamespaces();
    byte[] bytes = (part("begin.sh") + script + part("end.sh")).getBytes(StandardCharsets.UTF_8);
    // A session of its own, so that Ctrl-C at the terminal ends the caller first.
    List<String> command = new ArrayList<>(List.of("setsid", "unshare"));
    if (userNamespace) {
      command.addAll(List.of("--user", "--map-root-user"));
    }
    command.addAll(List.of("--net", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c"));
    command.addAll(List.of(BOOT, "lab", Integer.toString(bytes.length), held ? "held" : "free"));
    command.addAll(WireCommand.words());
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new LabException(Faults.missing("setsid, unshare and sh", "util-linux"), e);
    }
    Report report = new Report(process.getInputStream());
    try {
      OutputStream input = process.getOutputStream();
      input.write(bytes);
      input.flush();
      if (!held) {
        input.close();
      }
    } catch (IOException e) {
      // The process ended early; what it said tells why.
    }
    try {
      if (report.await()) {
        ProcessStamp stamp = ProcessStamp.of(report.pid()).orElse(null);
        if (stamp != null) {
          return new Holder(stamp, userNamespace);
        }
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new LabException("interrupted while the lab started", e);
    }
    process.destroyForcibly();
    throw new LabException(Faults.explain(report.lines(), userNamespace));
  }

  /** Which process it is. */
  public ProcessStamp stamp() {
    return stamp;
  }

  /** Whether the lab lives in a user namespace. */
  public boolean userNamespace() {
    return userNamespace;
  }

  /** Whether the lab is up. */
  public boolean alive() {
    return stamp.alive();
  }

  /** Ends the lab and waits, at most ten seconds, until nothing of it is left. */
  public void end() throws LabException {
    if (!stamp.alive()) {
      return;
    }
    ProcessHandle handle = ProcessHandle.of(stamp.pid()).orElse(null);
    if (handle == null) {
      return;
    }
    handle.destroyForcibly();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(END_SECONDS);
    while (stamp.alive()) {
      if (System.nanoTime() - deadline > 0) {
        throw new LabException("process " + stamp.pid() + " of the lab does not end; is it yours?");
      }
      LockSupport.parkNanos(GLANCE_NANOS);
    }
  }

  /** The words that run {@code command} on a host of this lab. */
  public List<String> enter(String host, String directory, List<String> command) {
    List<String> words = new ArrayList<>(List.of("nsenter", "--target", "" + stamp.pid()));
    words.addAll(List.of("--mount", "--pid", "--net=" + spaces() + "/" + host));
    if (userNamespace) {
      words.addAll(List.of("--user", "--preserve-credentials"));
    }
    // When nsenter dies, what it started is told to end.
    words.addAll(List.of("--", "setpriv", "--pdeathsig", "TERM", "--", "sh", "-c"));
    // Whoever enters is root there, and root's tools may be missing in an ordinary user's PATH.
    words.add("PATH=$PATH:/usr/sbin:/sbin; cd \"$1\" 2>/dev/null || cd /; shift; exec \"$@\"");
    words.addAll(List.of("lab", directory));
    words.addAll(command);
    return words;
  }

  private String spaces() {
    return "/proc/" + stamp.pid() + "/root/run/netns";
  }

  private static String part(String name) {
    try (InputStream in = Holder.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is not packaged");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the holder says until its lab is up or failed. */
  private static final class Report {
    private final CountDownLatch over = new CountDownLatch(1);
    private final List<String> lines = new ArrayList<>();
    private boolean ready;

    Report(InputStream from) {
      Thread reader = new Thread(() -> read(from), "culvert-lab-report");
      reader.setDaemon(true);
      reader.start();
    }

    private void read(InputStream from) {
      try (BufferedReader reader =
          new BufferedReader(new InputStreamReader(from, StandardCharsets.UTF_8))) {
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
          synchronized (this) {
            if (line.equals("ready")) {
              ready = true;
              over.countDown();
            } else if (lines.size() < 100) {
              lines.add(line);
            }
          }
        }
      } catch (IOException e) {
        synchronized (this) {
          lines.add("its output broke off: " + e.getMessage());
        }
      } finally {
        over.countDown();
      }
    }

    boolean await() throws InterruptedException {
      boolean heard = over.await(START_SECONDS, TimeUnit.SECONDS);
      synchronized (this) {
        if (!heard) {
          lines.add("it was not up after " + START_SECONDS + " s");
        }
        return ready;
      }
    }

    synchronized long pid() {
      return lines.stream()
          .filter(line -> line.matches("pid [0-9]+"))
          .mapToLong(line -> Long.parseLong(line.substring(4)))
          .findFirst()
          .orElse(-1);
    }

    synchronized List<String> lines() {
      return List.copyOf(lines);
    }
  }
}

package dev.culvert.it;

import dev.culvert.lab.LabHost;
import dev.culvert.lab.LabProcess;
import dev.culvert.sansio.IpLiterals;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code culvert node --relay} on a host of a lab: over UDP and TCP on port 3478, over TLS and DTLS
 * on port 5349, of both IP versions, for two users and whoever has a password from {@link #SECRET}.
 */
final class RelayUnderTest implements AutoCloseable {
  static final String USER = "alice";
  static final String PASSWORD = "wonderland";
  static final String OTHER_USER = "mallory";
  static final String OTHER_PASSWORD = "mischief";
  static final String SECRET = "open sesame";
  static final int PORT = 3478;
  static final int TLS_PORT = 5349;

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s*([0-9]+) kB");
  private static final Pattern LIVE = Pattern.compile("(?m)^Total\\s+[0-9]+\\s+([0-9]+)");

  private final LabHost host;
  private final LabProcess process;
  private final String pid;

  private RelayUnderTest(LabHost host, LabProcess process, String pid) {
    this.host = host;
    this.process = process;
    this.pid = pid;
  }

  /**
   * Starts it and waits until it answers.
   *
   * @param options besides those that say where it listens and who may use it
   */
  static RelayUnderTest on(LabHost host, String... options) throws Exception {
    List<String> words =
        new ArrayList<>(
            List.of("node", "--relay", "--realm", "lab.test", "--auth-secret", SECRET, "--user"));
    words.addAll(List.of(USER + ":" + PASSWORD, "--user", OTHER_USER + ":" + OTHER_PASSWORD));
    for (var address : List.of(host.ipv4().get(0), host.ipv6().get(0))) {
      String ip = IpLiterals.format(address, true);
      words.addAll(List.of("--listen", ip + ":" + PORT));
      words.addAll(List.of("--tls-listen", ip + ":" + TLS_PORT));
      words.addAll(List.of("--dtls-listen", ip + ":" + TLS_PORT));
    }
    words.addAll(List.of(options));
    List<String> shell = new ArrayList<>(List.of("sh", "-c", "echo pid $$; exec \"$@\"", "sh"));
    shell.addAll(ChildJvm.java(dev.culvert.cli.Culvert.class, words.toArray(new String[0])));
    // So little that garbage is not mistaken for what is kept.
    shell.replaceAll(word -> word.equals("-Xmx512m") ? "-Xmx64m" : word);
    LabProcess process = host.start(shell);
    String told = process.await(output -> output.contains("ready stun"), LIMIT);
    Matcher pid = Pattern.compile("(?m)^pid ([0-9]+)$").matcher(told);
    if (!pid.find()) {
      throw new AssertionError("no pid in " + told);
    }
    return new RelayUnderTest(host, process, String.valueOf(pid.group(1)));
  }

  /** Its first IPv4 address. */
  String ipv4() {
    return IpLiterals.format(host.ipv4().get(0), false);
  }

  /** Its first IPv6 address. */
  String ipv6() {
    return IpLiterals.format(host.ipv6().get(0), false);
  }

  boolean alive() {
    return process.alive();
  }

  /** All that it has written. */
  String output() {
    return process.output();
  }

  /** Kilobytes of memory that the kernel counts for it. */
  long residentKilobytes() throws Exception {
    return number(RESIDENT, host.run(LIMIT, "cat", "/proc/" + pid + "/status").output());
  }

  /** Bytes of its objects that are in use, after a full collection. */
  long liveBytes() throws Exception {
    String jcmd = System.getProperty("java.home") + "/bin/jcmd";
    return number(LIVE, host.run(LIMIT, jcmd, pid, "GC.class_histogram").output());
  }

  /** Open file descriptors. */
  long descriptors() throws Exception {
    return host.run(LIMIT, "ls", "/proc/" + pid + "/fd").lines().size();
  }

  private static long number(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find()) {
      throw new AssertionError("no " + pattern + " in " + text);
    }
    return Long.parseLong(matcher.group(1));
  }

  @Override
  public void close() {
    process.close();
  }
}

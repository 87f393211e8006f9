package dev.culvert.cli.punch;

import dev.culvert.cli.DurationConverter;
import dev.culvert.cli.Fault;
import dev.culvert.cli.ice.LocalOptions;
import dev.culvert.cli.ice.StunServers;
import dev.culvert.detect.IpFamily;
import dev.culvert.session.LocalAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How the two lines are carried, and what is done with the path. */
public final class PunchOptions {
  private static final int MOST = 10_000;
  private static final Duration LONGEST_WAIT = Duration.ofHours(1);
  private static final Duration LONGEST_LEAD = Duration.ofMinutes(10);

  @Option(
      names = "--answer",
      description = "The other side began: read its line first, and answer it.")
  private boolean answers;

  @Mixin private StunServers servers = new StunServers();
  @Mixin private LocalOptions local = new LocalOptions();

  @Option(
      names = "--in",
      paramLabel = "FILE",
      description =
          "Read the other side's line from FILE, which may not be there yet (default: what is"
              + " pasted on standard input).")
  private @Nullable Path in;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Write the own line to FILE, all of it at once (default: to standard output).")
  private @Nullable Path out;

  @Option(
      names = "--wait",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description =
          "How long the other side may take to paste, and then how long to try (default: 10m).")
  private Duration wait = Duration.ofMinutes(10);

  @Option(
      names = "--start-in",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description =
          "With --answer: how long after its line both begin, time to carry it (default: 30s).")
  private @Nullable Duration lead;

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "How many datagrams to send over the path and back (default: 10).")
  private int count = 10;

  /** Options at their defaults. */
  public PunchOptions() {}

  boolean answers() {
    return answers;
  }

  StunServers servers() {
    return servers;
  }

  /**
   * The addresses of this host to use.
   *
   * @throws Fault if there is none
   */
  List<LocalAddress> addresses() {
    return local.choice(Set.of(IpFamily.IPV4)).used();
  }

  Optional<Path> in() {
    return Optional.ofNullable(in);
  }

  Optional<Path> out() {
    return Optional.ofNullable(out);
  }

  Duration patience() {
    if (wait.compareTo(LONGEST_WAIT) > 0) {
      throw Fault.usage("--wait is too long", "give at most 1h");
    }
    return wait;
  }

  Duration lead() {
    if (lead == null) {
      return Duration.ofSeconds(30);
    }
    if (!answers) {
      throw Fault.usage("--start-in is the answering side's", "give it with --answer");
    }
    if (lead.compareTo(LONGEST_LEAD) > 0) {
      throw Fault.usage("--start-in is too long", "give at most 10m");
    }
    return lead;
  }

  int count() {
    if (count < 1 || count > MOST) {
      throw Fault.usage("--count " + count + " is out of range", "give 1 to " + MOST);
    }
    return count;
  }
}

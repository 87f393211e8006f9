package dev.culvert.cli.ice;

import dev.culvert.cli.DurationConverter;
import dev.culvert.cli.Fault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How two that meet tell each other of themselves, and what they do then. */
public final class MeetOptions {
  private static final int MOST = 10_000;
  private static final Duration LONGEST = Duration.ofDays(1);

  @Option(
      names = "--in",
      paramLabel = "FILE",
      description =
          "Read the other side's description from FILE, which may not be there yet (default: what"
              + " is pasted on standard input).")
  private @Nullable Path in;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description =
          "Write the own description to FILE, all of it at once (default: to standard output).")
  private @Nullable Path out;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      converter = FormatConverter.class,
      completionCandidates = FormatConverter.Words.class,
      description =
          "How to write it: short, one word that survives chat programs; json; or sdp, the lines of"
              + " RFC 8839. Any of them is read (default: short).")
  private DescriptionFormat format = DescriptionFormat.SHORT;

  @Option(
      names = "--wait",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "How long the other side may take to paste (default: 10m).")
  private Duration wait = Duration.ofMinutes(10);

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "How many datagrams to send over the path and back (default: 10).")
  private int count = 10;

  @Option(
      names = "--keep",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description =
          "Stay connected for so long, with a datagram each second, and tell when the path"
              + " changes.")
  private @Nullable Duration keep;

  @Option(
      names = "--trace",
      paramLabel = "FILE",
      description =
          "Write all that happens to FILE, a JSON object a line, for 'culvert ice explain'. It"
              + " holds addresses, but no passwords.")
  private @Nullable Path trace;

  @Mixin private EngineOption engine = new EngineOption();

  /** Options at their defaults. */
  public MeetOptions() {}

  String engine() {
    return engine.name();
  }

  Optional<Path> in() {
    return Optional.ofNullable(in);
  }

  Optional<Path> out() {
    return Optional.ofNullable(out);
  }

  DescriptionFormat format() {
    return format;
  }

  Duration patience() {
    if (wait.compareTo(LONGEST) > 0) {
      throw Fault.usage("--wait is too long", "give at most 1d");
    }
    return wait;
  }

  int count() {
    if (count < 1 || count > MOST) {
      throw Fault.usage("--count " + count + " is out of range", "give 1 to " + MOST);
    }
    return count;
  }

  Optional<Duration> keep() {
    return Optional.ofNullable(keep);
  }

  Optional<Path> trace() {
    return Optional.ofNullable(trace);
  }
}

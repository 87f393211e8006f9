package dev.culvert.lab.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A process that cannot be mistaken for a later one with the same number.
 *
 * @param pid its number
 * @param start when it started, in ticks since boot
 * @param boot the identity of that boot
 */
public record ProcessStamp(long pid, long start, String boot) {
  private static final int START_FIELD = 22;

  /** The process that has this number now. */
  public static Optional<ProcessStamp> of(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      // The second field is the program's name in parentheses and may itself hold any of them.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      boolean ended = fields[0].equals("Z") || fields[0].equals("X");
      String boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
      return ended
          ? Optional.empty()
          : Optional.of(new ProcessStamp(pid, Long.parseLong(fields[START_FIELD - 3]), boot));
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }

  /** Whether that very process still runs. */
  public boolean alive() {
    return of(pid).filter(this::equals).isPresent();
  }
}

package dev.culvert.cli.connect;

import dev.culvert.cli.Console;
import dev.culvert.cli.connect.stream.FileSending;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** How far a file is: a bar, how much, how fast, and how long it will take. */
final class ProgressLine implements FileSending.Progress {
  private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final int WIDTH = 24;
  private static final int PERCENT = 100;
  private static final String UNITS = "kMGTPE";

  private final Console console;
  private final String name;
  private FileSending.Stage stage = FileSending.Stage.SUMMING;
  private long begin = System.nanoTime();
  private long beginBytes = -1;
  private long last = begin;

  ProgressLine(Console console, String name) {
    this.console = console;
    this.name = name;
  }

  @Override
  public void at(FileSending.Stage now, long bytes, long all) {
    long time = System.nanoTime();
    if (now != stage || beginBytes < 0) {
      stage = now;
      begin = time;
      beginBytes = bytes;
    }
    if (time - last >= EVERY_NANOS) {
      last = time;
      console.progress(line(bytes, all, bytes - beginBytes, time - begin));
    }
  }

  private String line(long bytes, long all, long done, long nanos) {
    double perSecond = nanos == 0 ? 0 : done * 1e9 / nanos;
    String rest = perSecond < 1 ? "" : ", " + Math.round((all - bytes) / perSecond) + " s to go";
    String what = stage == FileSending.Stage.SUMMING ? "reads " : "sends ";
    return what
        + name
        + " "
        + bar(bytes, all)
        + " "
        + bytes(bytes)
        + " of "
        + bytes(all)
        + ", "
        + bytes((long) perSecond)
        + "/s"
        + rest;
  }

  /** {@code [######------] 50 %}. */
  static String bar(long bytes, long all) {
    double share = all == 0 ? 1 : (double) bytes / all;
    int full = (int) (share * WIDTH);
    return "["
        + "#".repeat(full)
        + "-".repeat(WIDTH - full)
        + "] "
        + (int) (share * PERCENT)
        + " %";
  }

  /** {@code 1.5 MB}; thousands, not 1,024s. */
  static String bytes(long count) {
    if (count < 1000) {
      return count + " B";
    }
    double value = count / 1e3;
    int unit = 0;
    while (value >= 999.95 && unit < UNITS.length() - 1) {
      value /= 1000;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %sB", value, UNITS.charAt(unit));
  }
}

package dev.culvert.cli.connect;

import dev.culvert.cli.Console;
import dev.culvert.cli.connect.stream.FileSending;
import dev.culvert.cli.connect.stream.Words;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** How far a file is, as a bar on a terminal; nothing where there is none. */
final class ProgressLine implements FileSending.Progress, AutoCloseable {
  private static final int EVERY_MILLIS = 500;
  // Asking the terminal would take a process; a line that is too long could not be written over.
  private static final int WIDTH = 79;
  private static final String UNITS = "kMGTPE";
  private static final long ENOUGH_TO_COUNT = 100;

  private final Console console;
  private final String name;
  private FileSending.Stage stage = FileSending.Stage.SUMMING;
  private @Nullable ProgressBar bar;

  ProgressLine(Console console, String name) {
    this.console = console;
    this.name = name;
  }

  @Override
  public void at(FileSending.Stage now, long bytes, long all) {
    if (!console.showsBars()) {
      return;
    }
    ProgressBar current = bar;
    if (current == null || now != stage) {
      close();
      stage = now;
      current = begin(bytes, all);
      bar = current;
    }
    current.stepTo(bytes);
  }

  private ProgressBar begin(long bytes, long all) {
    String what = stage == FileSending.Stage.SUMMING ? "reads " : "sends ";
    int unit = 0;
    long size = 1;
    while (all / size >= ENOUGH_TO_COUNT * 1000 && unit < UNITS.length()) {
      size *= 1000;
      unit++;
    }
    return new ProgressBarBuilder()
        .setTaskName(what + Words.clean(name))
        .setInitialMax(all)
        .startsFrom(bytes, Duration.ZERO)
        .setUnit(unit == 0 ? " B" : " " + UNITS.charAt(unit - 1) + "B", size)
        .showSpeed()
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(EVERY_MILLIS)
        .setConsumer(new DelegatingProgressBarConsumer(console::progress, WIDTH))
        .build();
  }

  /** Draws the bar a last time; nothing is drawn afterwards. */
  @Override
  public void close() {
    ProgressBar current = bar;
    if (current != null) {
      bar = null;
      current.close();
    }
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

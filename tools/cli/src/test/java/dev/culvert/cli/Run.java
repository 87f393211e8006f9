package dev.culvert.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.function.Consumer;
import picocli.CommandLine;

/** One run of the command in this process, as its caller sees it. */
public record Run(int exitCode, String out, String err) {

  /** Runs a command line with neither terminal nor environment. */
  public static Run of(String... args) {
    return in(Map.of(), false, args);
  }

  /** Runs a command line, both streams being terminals or not. */
  public static Run in(Map<String, String> environment, boolean terminal, String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Console console =
        new Console(
            new Streams(
                new PrintWriter(out), new PrintWriter(err), terminal, terminal, true, environment));
    int exitCode = Culvert.run(console, args);
    return new Run(exitCode, out.toString(), err.toString());
  }

  /** Runs a command line of which each line of its results is told as soon as it is there. */
  public static Run watched(
      Map<String, String> environment, Consumer<String> watcher, String... args) {
    StringWriter out =
        new StringWriter() {
          @Override
          public void flush() {
            watcher.accept(toString());
          }
        };
    StringWriter err = new StringWriter();
    Console console =
        new Console(
            new Streams(
                new PrintWriter(out), new PrintWriter(err), false, false, true, environment));
    int exitCode = Culvert.run(console, args);
    return new Run(exitCode, out.toString(), err.toString());
  }

  /** Shows a view as a command with these options would. */
  public static String show(View view, boolean terminal, String... options) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Console console =
        new Console(
            new Streams(
                new PrintWriter(out), new PrintWriter(err), terminal, terminal, true, Map.of()));
    CommonOptions common = CommandLine.populateCommand(new CommonOptions(), options);
    console.configure(common);
    console.show(view);
    return out.toString();
  }
}

package dev.culvert.cli.ice;

import dev.culvert.cli.Console;
import dev.culvert.cli.Fault;
import dev.culvert.cli.ice.trace.TraceException;
import dev.culvert.cli.ice.trace.TraceText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code culvert ice explain}. */
@Command(
    name = "explain",
    header = "Tells the story of a connection from its trace, and why it is not direct.",
    description = {
      "It reads what 'culvert ice offer' or 'answer' wrote with --trace: when what happened, what"
          + " became of every pair of candidates and why, which server was slow, and what took the"
          + " longest. Of a connection that failed or is relayed it names one cause and what to do"
          + " next."
    },
    exitCodeList = {
      "0:the story is told, whatever its end",
      "2:the command line is not understood, or the file is no trace",
      "130:interrupted"
    })
public final class IceExplainCommand implements Callable<Integer> {
  private static final int LONGEST = 64 << 20;

  private final Console console;

  @Parameters(paramLabel = "FILE", description = "The trace, or - for standard input.")
  private String file = "";

  IceExplainCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    try {
      console.show(new StoryView(Story.of(TraceText.read(lines()))));
      return 0;
    } catch (TraceException e) {
      throw Fault.usage(
          "'" + file + "' is no trace: " + e.getMessage(),
          "'culvert ice offer --trace FILE' writes one");
    }
  }

  private List<String> lines() {
    try (InputStream in = file.equals("-") ? System.in : Files.newInputStream(Path.of(file))) {
      byte[] bytes = in.readNBytes(LONGEST + 1);
      if (bytes.length > LONGEST) {
        throw Fault.usage("'" + file + "' is too long to be a trace", "name another");
      }
      return new String(bytes, StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw Fault.usage("the file '" + file + "' cannot be read", "name one that can");
    }
  }
}

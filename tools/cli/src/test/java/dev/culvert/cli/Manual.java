package dev.culvert.cli;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.codegen.docgen.manpage.ManPageGenerator;

/** Writes the manual's sources and the completion script; run by the build. */
public final class Manual {
  private Manual() {}

  /** Writes the manual into the first folder and the script into the second. */
  public static void main(String[] args) throws IOException {
    write(Path.of(args[0]), Path.of(args[1]));
  }

  static void write(Path manual, Path completion) throws IOException {
    Files.createDirectories(manual);
    Files.createDirectories(completion);
    CommandLine root = tree();
    ManPageGenerator.generateManPage(
        manual.toFile(), (File) null, new boolean[0], true, root.getCommandSpec());
    Files.writeString(completion.resolve("culvert.bash"), AutoComplete.bash("culvert", root));
  }

  /** Every command in whole. */
  public static CommandLine tree() {
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    Console console = new Console(new Streams(nowhere, nowhere, false, false, true, Map.of()));
    return Culvert.commandLine(console, List.of(Commands.values()));
  }
}

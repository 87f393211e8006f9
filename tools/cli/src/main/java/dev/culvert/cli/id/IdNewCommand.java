package dev.culvert.cli.id;

import dev.culvert.cli.Console;
import dev.culvert.cli.ExitCode;
import dev.culvert.identity.PeerKey;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code culvert id new}. */
@Command(
    name = "new",
    header = "Makes a key, and shows the id that others know it by.",
    description = {
      "The key goes into a file that nobody but you may read. Whoever has it is this peer, and"
          + " without it nobody is: keep a copy. A key that is there already stays as it is."
    },
    exitCodeList = {
      "0:it is made",
      "2:the command line is not understood, or the file is there or cannot be written",
      "130:interrupted"
    })
public final class IdNewCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private KeyOption option = new KeyOption();

  IdNewCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Path file = option.file(console);
    PeerKey key = PeerKey.generate(new SecureRandom());
    KeyFiles.write(key, file);
    console.show(new IdView(key.id(), Optional.of(file)));
    return ExitCode.OK.number();
  }
}

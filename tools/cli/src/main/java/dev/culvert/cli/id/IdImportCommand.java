package dev.culvert.cli.id;

import dev.culvert.cli.Console;
import dev.culvert.cli.ExitCode;
import dev.culvert.identity.PeerKey;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code culvert id import}. */
@Command(
    name = "import",
    header = "Takes over a key from another program's file.",
    description = {
      "Taken are Ed25519 keys as PEM (PKCS#8), OpenSSH's and libp2p's files, and seeds of 32 bytes"
          + " or 64 hexadecimal digits."
    },
    exitCodeList = {
      "0:it is taken over",
      "2:the command line or the file is not understood, or there is a key already",
      "130:interrupted"
    })
public final class IdImportCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private KeyOption option = new KeyOption();

  @Parameters(paramLabel = "FROM", description = "The other program's file.")
  private Path from = Path.of("");

  IdImportCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    PeerKey key = KeyFiles.read(from);
    Path file = option.file(console);
    KeyFiles.write(key, file);
    console.show(new IdView(key.id(), Optional.of(file)));
    return ExitCode.OK.number();
  }
}

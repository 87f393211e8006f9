package dev.culvert.cli.id;

import dev.culvert.cli.Console;
import dev.culvert.cli.ExitCode;
import dev.culvert.cli.Fault;
import dev.culvert.identity.PeerId;
import dev.culvert.identity.PeerIdException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code culvert id show}. */
@Command(
    name = "show",
    header = "Shows an id in all its forms.",
    exitCodeList = {
      "0:it is shown",
      "2:the command line, the id or the key file is not understood",
      "130:interrupted"
    })
public final class IdShowCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private KeyOption option = new KeyOption();

  @Parameters(
      arity = "0..1",
      paramLabel = "PEER",
      description =
          "An id, a did:key or a PeerId of libp2p (default: that of the key in the file).")
  private Optional<String> peer = Optional.empty();

  IdShowCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (peer.isPresent()) {
      console.show(new IdView(parse(peer.get()), Optional.empty()));
    } else {
      Path file = option.file(console);
      console.show(new IdView(KeyFiles.read(file).id(), Optional.of(file)));
    }
    return ExitCode.OK.number();
  }

  private static PeerId parse(String text) {
    try {
      return PeerId.parse(text);
    } catch (PeerIdException e) {
      throw Fault.usage(String.valueOf(e.getMessage()), "");
    }
  }
}

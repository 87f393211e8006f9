package dev.culvert.cli.connect;

import dev.culvert.cli.Console;
import dev.culvert.cli.Fault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code culvert connect}. */
@Command(
    name = "connect",
    header = "Connects to a peer: a pipe, forwarded ports, or files.",
    description = {
      "The other side runs 'culvert listen'. What is between the two is encrypted from end to end"
          + " (QUIC), and goes through a relay only until there is a direct path.",
      "",
      "Without --forward and --send, standard input goes to the other side's standard output and"
          + " the other way round, each until it ends. --forward goes on until Ctrl-C. --send goes"
          + " on where an earlier attempt ended, and is done once the other side has proven the"
          + " content."
    },
    exitCodeList = {
      "0:all is done",
      "2:the command line, the key file, a node or the invite is not understood",
      "3:there is a relay only, and --require direct wants more",
      "4:the other side cannot be reached, or left before all was done",
      "5:a limit, of this host or of nodes; or the other side wants no such thing",
      "6:no usable network",
      "7:the other side declines, or is not who it should be",
      "8:no answer in time",
      "130:interrupted"
    })
public final class ConnectCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private CallOptions call = new CallOptions();

  @Option(
      names = "--forward",
      paramLabel = "RULE",
      description =
          "Lead a port of this host to one of the other side's: [udp:][ADDRESS:]PORT:HOST:PORT,"
              + " such as 8080:localhost:80; may be repeated. The other side has to allow"
              + " HOST:PORT.")
  private List<String> forwards = new ArrayList<>();

  @Option(
      names = "--send",
      paramLabel = "FILE",
      description = "Send a file; may be repeated. The other side has to take files.")
  private List<Path> files = new ArrayList<>();

  ConnectCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (!forwards.isEmpty() && !files.isEmpty()) {
      throw Fault.usage("--forward and --send are two things", "run the command twice");
    }
    List<ForwardRule> rules = forwards.stream().map(ForwardRule::parse).toList();
    for (Path file : files) {
      if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
        throw Fault.usage("--send " + file + " is no file that can be read", "name another");
      }
    }
    return new ConnectRun(console, call).run(rules, files).number();
  }
}

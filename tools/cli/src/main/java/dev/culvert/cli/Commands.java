package dev.culvert.cli;

import dev.culvert.cli.check.CheckCommand;
import dev.culvert.cli.lab.LabCommand;
import dev.culvert.cli.node.NodeCommand;
import dev.culvert.cli.server.ServersCommand;
import dev.culvert.cli.server.StunCommand;
import java.util.Arrays;
import java.util.List;

/**
 * The commands right below {@code culvert}. A run loads only the one it is about, since the
 * reflection over the others would cost more than many a command's work.
 */
enum Commands {
  CHECK("check", CheckCommand.class),
  STUN("stun", StunCommand.class),
  SERVERS("servers", ServersCommand.class),
  NODE("node", NodeCommand.class),
  LAB("lab", LabCommand.class),
  COMPLETION("completion", CompletionCommand.class),
  WARM_UP("warm-up", WarmUpCommand.class);

  private final String word;
  private final Class<?> type;

  Commands(String word, Class<?> type) {
    this.word = word;
    this.type = type;
  }

  /** What people write. */
  String word() {
    return word;
  }

  /** The class that picocli reads; a constructor that takes a {@link Console} is given one. */
  Class<?> type() {
    return type;
  }

  /** The one that the first argument names; all of them if it names none. */
  static List<Commands> neededBy(String... args) {
    List<Commands> named =
        Arrays.stream(values())
            .filter(command -> args.length > 0 && command.word.equals(args[0]))
            .toList();
    return named.isEmpty() ? List.of(values()) : named;
  }
}

package dev.culvert.cli;

import dev.culvert.cli.check.CheckCommand;
import dev.culvert.cli.connect.ConnectCommand;
import dev.culvert.cli.connect.ListenCommand;
import dev.culvert.cli.connect.PerfCommand;
import dev.culvert.cli.connect.PingCommand;
import dev.culvert.cli.demo.DemoCommand;
import dev.culvert.cli.ice.IceCommand;
import dev.culvert.cli.id.IdCommand;
import dev.culvert.cli.introduce.IntroduceCommand;
import dev.culvert.cli.invite.InviteCommand;
import dev.culvert.cli.lab.LabCommand;
import dev.culvert.cli.node.NodeCommand;
import dev.culvert.cli.punch.PunchCommand;
import dev.culvert.cli.server.ServersCommand;
import dev.culvert.cli.server.StunCommand;
import dev.culvert.cli.turn.TurnCommand;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The commands right below {@code culvert}. A run loads only the one it is about and an outline of
 * the others, since the reflection over all would cost more than many a command's work.
 */
enum Commands {
  DEMO("demo", DemoCommand.class),
  CHECK("check", CheckCommand.class),
  STUN("stun", StunCommand.class),
  SERVERS("servers", ServersCommand.class),
  NODE("node", NodeCommand.class),
  TURN("turn", TurnCommand.class),
  ICE("ice", IceCommand.class),
  ID("id", IdCommand.class),
  INVITE("invite", InviteCommand.class),
  INTRODUCE("introduce", IntroduceCommand.class),
  LISTEN("listen", ListenCommand.class),
  CONNECT("connect", ConnectCommand.class),
  PING("ping", PingCommand.class),
  PERF("perf", PerfCommand.class),
  PUNCH("punch", PunchCommand.class),
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

  /** Those that the arguments may be about: the first whose word stands among them, if any. */
  static List<Commands> neededBy(String... args) {
    for (String arg : args) {
      for (Commands command : values()) {
        if (command.word.equals(arg)) {
          return List.of(command);
        }
      }
    }
    return List.of();
  }

  /** What the list of commands says of it, without a look at its options. */
  CommandSpec outline() {
    Command about = type.getAnnotation(Command.class);
    CommandSpec outline = CommandSpec.create();
    outline.usageMessage().header(about.header()).hidden(about.hidden());
    return outline;
  }
}

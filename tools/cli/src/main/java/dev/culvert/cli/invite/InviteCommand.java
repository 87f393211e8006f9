package dev.culvert.cli.invite;

import dev.culvert.cli.Console;
import dev.culvert.cli.ExitCode;
import dev.culvert.cli.Fault;
import dev.culvert.cli.id.KeyFiles;
import dev.culvert.cli.id.KeyOption;
import dev.culvert.identity.PeerId;
import dev.culvert.rendezvous.Invite;
import dev.culvert.rendezvous.JoinTextException;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.NodeSource;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code culvert invite}. */
@Command(
    name = "invite",
    header = "Makes an invite, or shows what is in one.",
    description = {
      "An invite is a line that you hand to somebody so that the two of you can meet: your id,"
          + " nodes at which you are found, and a secret that shows that you invited whoever has"
          + " it. Send it as you would send a password.",
      "With INVITE it shows what that says. Sends nothing, and connects to nobody."
    },
    exitCodeList = {
      "0:it is made, or shown",
      "2:the command line, the key file, a node or the invite is not understood",
      "130:interrupted"
    })
public final class InviteCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private KeyOption key = new KeyOption();

  @Option(
      names = "--node",
      paramLabel = "URL[~ID]",
      description =
          "Where you are found, such as wss://node.example.org/~ID, best with the id that the node"
              + " has to prove; may be repeated, up to 8, the best first.")
  private List<String> nodes = new ArrayList<>();

  @Parameters(arity = "0..1", paramLabel = "INVITE", description = "An invite, to be shown.")
  private Optional<String> invite = Optional.empty();

  InviteCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (invite.isPresent()) {
      console.show(new InviteView(read(invite.get())));
    } else {
      console.show(new InviteView(make()));
    }
    return ExitCode.OK.number();
  }

  private static Invite read(String text) {
    try {
      return Invite.parse(text.strip());
    } catch (JoinTextException e) {
      throw Fault.usage(String.valueOf(e.getMessage()), "");
    }
  }

  private Invite make() {
    if (nodes.isEmpty()) {
      throw Fault.usage(
          "an invite without a node leads nowhere",
          "add --node wss://HOST/~ID, a node that you use");
    }
    List<KnownNode> known = nodes.stream().map(InviteCommand::node).toList();
    known.stream()
        .filter(node -> node.id().isEmpty())
        .findFirst()
        .ifPresent(
            node ->
                console.tell(
                    "warning: --node "
                        + node
                        + " has no id, so whoever has a certificate for its name passes for it"));
    PeerId peer = KeyFiles.read(key.file(console)).id();
    Invite made = Invite.to(peer, known, new SecureRandom());
    if (made.nodes().size() < known.stream().map(KnownNode::toString).distinct().count()) {
      throw Fault.usage(
          "there are more nodes than an invite has room for",
          "keep the best " + made.nodes().size());
    }
    return made;
  }

  private static KnownNode node(String text) {
    try {
      return KnownNode.parse(text, NodeSource.CONFIGURED);
    } catch (JoinTextException e) {
      throw Fault.usage("--node " + text + ": " + e.getMessage(), "");
    }
  }
}

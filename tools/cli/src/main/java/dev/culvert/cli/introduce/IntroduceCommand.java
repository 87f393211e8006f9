package dev.culvert.cli.introduce;

import dev.culvert.cli.Console;
import dev.culvert.cli.Fault;
import dev.culvert.cli.id.KeyFiles;
import dev.culvert.cli.id.KeyOption;
import dev.culvert.identity.PeerKey;
import dev.culvert.rendezvous.JoinTextException;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.NodeSource;
import dev.culvert.rendezvous.client.NodeLines;
import dev.culvert.rendezvous.code.Card;
import dev.culvert.rendezvous.code.Code;
import dev.culvert.rendezvous.code.CodeException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code culvert introduce}. */
@Command(
    name = "introduce",
    header = "Gets to know somebody by a code that one tells the other.",
    description = {
      "Without CODE it makes one, such as 4821-acid-zebra, and waits: tell it to one person, best"
          + " by voice. With CODE it meets whoever made it. Then both see each other's id, proven"
          + " to whoever knew the code.",
      "A code holds for ten minutes and for one person, and three wrong guesses make it void. The"
          + " nodes learn neither the words nor anything else that the two tell each other."
    },
    exitCodeList = {
      "0:the two know each other",
      "2:the command line, the key file, a node or the code is not understood",
      "4:no node can be used, or nobody waits under that number",
      "5:the other side broke off",
      "7:the words are wrong, or were guessed wrong three times",
      "8:nobody came in time",
      "130:interrupted"
    })
public final class IntroduceCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private KeyOption key = new KeyOption();

  @Option(
      names = "--node",
      paramLabel = "URL[~ID]",
      description =
          "Where to meet, such as wss://node.example.org/~ID; may be repeated, up to 8. Both sides"
              + " need one in common.")
  private List<String> nodes = new ArrayList<>();

  @Option(names = "--name", paramLabel = "NAME", description = "What the other is told as a name.")
  private Optional<String> name = Optional.empty();

  @Option(
      names = "--contacts",
      paramLabel = "FILE",
      description = "Add the other to this file: a line with its id, its name and its nodes.")
  private Optional<Path> contacts = Optional.empty();

  @Parameters(
      arity = "0..1",
      paramLabel = "CODE",
      description = "What the other said; small or capital letters, and words may be cut short.")
  private Optional<String> code = Optional.empty();

  IntroduceCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Optional<Code> told = code.map(IntroduceCommand::code);
    if (nodes.isEmpty()) {
      throw Fault.usage(
          "nobody says where to meet", "add --node wss://HOST/~ID, a node that both of you use");
    }
    if (nodes.size() > NodeLines.MOST) {
      throw Fault.usage("there are more than " + NodeLines.MOST + " nodes", "leave some out");
    }
    if (!name.map(Card::isName).orElse(true)) {
      throw Fault.usage(
          "--name is no name", "give 1 to " + Card.LONGEST_NAME + " letters that can be seen");
    }
    List<KnownNode> known = nodes.stream().map(IntroduceCommand::node).toList();
    Optional<ContactsFile> file = contacts.map(ContactsFile::open);
    PeerKey own = KeyFiles.read(key.file(console));
    Card card = new Card(name, known);
    return new IntroduceRun(console, own, card, known, file).run(told).number();
  }

  private static Code code(String text) {
    try {
      return Code.parse(text);
    } catch (CodeException e) {
      throw Fault.usage(String.valueOf(e.getMessage()), "");
    }
  }

  private static KnownNode node(String text) {
    try {
      return KnownNode.parse(text, NodeSource.CONFIGURED);
    } catch (JoinTextException e) {
      throw Fault.usage("--node " + text + ": " + e.getMessage(), "");
    }
  }
}

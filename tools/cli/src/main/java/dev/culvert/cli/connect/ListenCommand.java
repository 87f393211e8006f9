package dev.culvert.cli.connect;

import dev.culvert.cli.Console;
import dev.culvert.cli.Fault;
import dev.culvert.cli.connect.stream.Inbox;
import dev.culvert.cli.connect.stream.Target;
import dev.culvert.cli.introduce.ContactsFile.Contact;
import dev.culvert.identity.PeerId;
import dev.culvert.rendezvous.Invite;
import dev.culvert.rendezvous.JoinTextException;
import dev.culvert.rendezvous.call.AcceptPolicy;
import dev.culvert.rendezvous.call.InviteSecret;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code culvert listen}. */
@Command(
    name = "listen",
    header = "Waits for peers that connect: a pipe, forwarded ports, files.",
    description = {
      "It prints this peer's id and an invite; hand the invite to somebody who then runs 'culvert"
          + " connect INVITE'. Who may call is the first who shows the invite, who stands in"
          + " --contacts, or with --open everybody who knows the id; nobody else gets an answer.",
      "",
      "Without --allow-forward and --receive the first caller gets a pipe: standard input and"
          + " output become those of its 'culvert connect', and with the pipe it ends. With them it"
          + " serves any number of callers until Ctrl-C. 'culvert ping' and 'culvert perf' are"
          + " answered in any case."
    },
    exitCodeList = {
      "0:the pipe has ended in good order",
      "2:the command line, the key file, a node or a contact is not understood",
      "4:the pipe was cut off",
      "6:no usable network",
      "130:interrupted"
    })
public final class ListenCommand implements Callable<Integer> {
  private static final Duration LONG = Duration.ofDays(3650);

  private final Console console;

  @Mixin private JoinOptions join = new JoinOptions();

  @Option(names = "--open", description = "Everybody who knows this peer's id may call.")
  private boolean open;

  @Option(
      names = "--invite",
      paramLabel = "WHOM",
      converter = InviteMode.Converter.class,
      completionCandidates = InviteMode.Words.class,
      description =
          "Whom the invite that is printed is for: once, the first who shows it; many, whoever"
              + " shows it; none (default: once). It holds for a day, and while this runs.")
  private InviteMode invite = InviteMode.ONCE;

  @Option(
      names = "--invited",
      paramLabel = "INVITE",
      description = "Heed an invite that 'culvert invite' made before; may be repeated.")
  private List<String> invited = new ArrayList<>();

  @Option(
      names = "--allow-forward",
      paramLabel = "HOST:PORT",
      description =
          "Let callers reach this port through this host; udp:HOST:PORT for datagrams; may be"
              + " repeated. Nothing else is reached.")
  private List<String> forwards = new ArrayList<>();

  @Option(
      names = "--receive",
      paramLabel = "DIR",
      description =
          "Take files into this folder. None that is there is written over, and none gets its name"
              + " before its content is proven.")
  private Optional<Path> receive = Optional.empty();

  ListenCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Set<Target> targets = forwards.stream().map(ForwardRule::allowed).collect(Collectors.toSet());
    Optional<Inbox> inbox = receive.map(ListenCommand::inbox);
    AcceptPolicy accepts = accepts();
    boolean nobody =
        invite == InviteMode.NONE
            && !accepts.everybody()
            && accepts.contacts().isEmpty()
            && accepts.invites().isEmpty();
    if (nobody) {
      throw Fault.usage("nobody may call", "leave out --invite none, or add --contacts or --open");
    }
    if (invite != InviteMode.NONE && console.redacts()) {
      throw Fault.usage("--redact would spoil the invite", "leave it out, or take --invite none");
    }
    return new ListenRun(console, join, accepts, invite).run(targets, inbox, receive).number();
  }

  private AcceptPolicy accepts() {
    Set<PeerId> contacts = new HashSet<>();
    for (Contact contact : join.contacts()) {
      contacts.add(contact.peer());
    }
    List<InviteSecret> secrets = invited.stream().map(this::secret).toList();
    AcceptPolicy policy = open ? AcceptPolicy.open() : AcceptPolicy.contacts(contacts);
    try {
      return policy.inviting(secrets);
    } catch (IllegalArgumentException e) {
      throw Fault.usage(String.valueOf(e.getMessage()), "leave some --invited out");
    }
  }

  private InviteSecret secret(String text) {
    try {
      Invite made = Invite.parse(text.strip());
      if (!made.peer().equals(join.key(console).id())) {
        throw Fault.usage("--invited: that invite is another peer's", "give one of your own");
      }
      return new InviteSecret(made.secret(), Instant.now().plus(LONG), invite != InviteMode.MANY);
    } catch (JoinTextException e) {
      throw Fault.usage("--invited: " + e.getMessage(), "");
    }
  }

  private static Inbox inbox(Path folder) {
    try {
      return Inbox.at(folder);
    } catch (IOException e) {
      throw Fault.usage(
          "--receive " + folder + " is no folder that can be written to",
          "make it, or name another");
    }
  }
}

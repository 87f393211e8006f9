package dev.culvert.cli.connect;

import dev.culvert.cli.Console;
import dev.culvert.cli.DurationConverter;
import dev.culvert.cli.Fault;
import dev.culvert.cli.ice.LocalOptions;
import dev.culvert.cli.ice.PolicyConverter;
import dev.culvert.cli.id.KeyFiles;
import dev.culvert.cli.id.KeyOption;
import dev.culvert.cli.introduce.ContactsFile;
import dev.culvert.cli.introduce.ContactsFile.Contact;
import dev.culvert.cli.server.FamilyOptions;
import dev.culvert.ice.IcePolicy;
import dev.culvert.identity.PeerKey;
import dev.culvert.peer.AddressSource;
import dev.culvert.rendezvous.JoinTextException;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.NodeSource;
import dev.culvert.session.LocalAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Who this peer is, where it is found, and by which paths it connects. */
public final class JoinOptions {
  private static final Duration LONGEST = Duration.ofHours(1);

  @Mixin private KeyOption key = new KeyOption();

  @Option(
      names = "--node",
      paramLabel = "URL[~ID]",
      description =
          "A node to meet at, such as wss://node.example.org/~ID; may be repeated. Those of earlier"
              + " runs are kept beside the key, in a file with the end .nodes.")
  private List<String> nodes = new ArrayList<>();

  @Option(
      names = "--contacts",
      paramLabel = "FILE",
      description = "Whom you know, as 'culvert introduce' writes it: ids, names and nodes.")
  private Optional<Path> contacts = Optional.empty();

  @Option(
      names = "--policy",
      paramLabel = "POLICY",
      converter = PolicyConverter.class,
      completionCandidates = PolicyConverter.Words.class,
      description =
          "direct-only uses no relay; prefer-direct uses one until there is a direct path;"
              + " relay-only uses nothing else, and tells no address of this host (default:"
              + " prefer-direct).")
  private IcePolicy policy = IcePolicy.PREFER_DIRECT;

  @Option(
      names = "--wait",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description =
          "How long it may take until there is a connection, or the direct path that is asked for"
              + " (default: 45s).")
  private Duration wait = Duration.ofSeconds(45);

  @Option(
      names = "--trace",
      paramLabel = "FILE",
      description =
          "Write what is tried to FILE, a JSON object a line, for 'culvert ice explain'. It holds"
              + " addresses, but no passwords.")
  private Optional<Path> trace = Optional.empty();

  @Mixin private LocalOptions local;
  @Mixin private FamilyOptions families = new FamilyOptions();

  /** Options at their defaults. */
  public JoinOptions() {
    this(new LocalOptions());
  }

  JoinOptions(LocalOptions local) {
    this.local = local;
  }

  Path keyFile(Console console) {
    return key.file(console);
  }

  PeerKey key(Console console) {
    return KeyFiles.read(keyFile(console));
  }

  /** Those of the command line. */
  List<KnownNode> nodes() {
    return nodes.stream().map(JoinOptions::node).toList();
  }

  private static KnownNode node(String text) {
    try {
      return KnownNode.parse(text, NodeSource.CONFIGURED);
    } catch (JoinTextException e) {
      throw Fault.usage("--node " + text + ": " + e.getMessage(), "");
    }
  }

  boolean namesContacts() {
    return contacts.isPresent();
  }

  /** Those in the file, if one is named. */
  List<Contact> contacts() {
    return contacts.map(ContactsFile::read).orElse(List.of());
  }

  IcePolicy policy() {
    return policy;
  }

  Duration patience() {
    if (wait.compareTo(LONGEST) > 0) {
      throw Fault.usage("--wait is too long", "give at most 1h");
    }
    return wait;
  }

  Optional<Path> trace() {
    return trace;
  }

  /**
   * The addresses of this host to use.
   *
   * @throws Fault if there is none
   */
  List<LocalAddress> addresses() {
    return local.choice(families.families()).used();
  }

  /** Those, whatever becomes of this host's network. */
  AddressSource follows() {
    return local.following(families.families());
  }
}

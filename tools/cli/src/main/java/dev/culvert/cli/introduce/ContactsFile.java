package dev.culvert.cli.introduce;

import dev.culvert.cli.Fault;
import dev.culvert.identity.PeerId;
import dev.culvert.identity.PeerIdException;
import dev.culvert.rendezvous.JoinTextException;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.NodeSource;
import dev.culvert.rendezvous.code.Introduced;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Whom its owner knows: a line each, an id, then a name or {@code -}, then nodes, with tabs
 * between.
 */
public final class ContactsFile {
  private final Path file;

  private ContactsFile(Path file) {
    this.file = file;
  }

  /** The file, made if there is none, so that a fault shows before anything else is done. */
  static ContactsFile open(Path file) {
    try {
      Files.writeString(file, "", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      Files.readString(file);
      return new ContactsFile(file);
    } catch (IOException e) {
      throw fault(file);
    }
  }

  /**
   * Somebody whom the owner knows.
   *
   * @param peer who
   * @param name as the owner calls it
   * @param nodes where it is found
   */
  public record Contact(PeerId peer, Optional<String> name, List<KnownNode> nodes) {
    /** Copies the list. */
    public Contact {
      nodes = List.copyOf(nodes);
    }
  }

  /**
   * All who stand in a file; empty lines and those that begin with {@code #} are passed over.
   *
   * @throws Fault if the file cannot be read, or a line is none
   */
  public static List<Contact> read(Path file) {
    List<Contact> contacts = new ArrayList<>();
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (IOException e) {
      throw Fault.usage(
          "the contacts in " + file + " cannot be read",
          "name a file as 'culvert introduce' writes it");
    }
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        contacts.add(contact(file, i + 1, line));
      }
    }
    return contacts;
  }

  private static Contact contact(Path file, int number, String line) {
    List<String> words = List.of(line.split("\t", -1));
    try {
      PeerId peer = PeerId.parse(words.get(0).strip());
      List<KnownNode> nodes = new ArrayList<>();
      for (String word : words.subList(Math.min(2, words.size()), words.size())) {
        nodes.add(KnownNode.parse(word, NodeSource.CONFIGURED));
      }
      Optional<String> name =
          words.stream().skip(1).findFirst().filter(its -> !its.isBlank() && !its.equals("-"));
      return new Contact(peer, name, nodes);
    } catch (PeerIdException | JoinTextException e) {
      throw Fault.usage(
          file + ", line " + number + ": " + e.getMessage(),
          "a line is an id, a tab, a name or -, and nodes after tabs");
    }
  }

  private static Fault fault(Path file) {
    return Fault.usage("the contacts in " + file + " cannot be read and written", "name a file");
  }

  /** Adds somebody, in the place of what was known of the same id. */
  void add(Introduced whom) {
    try {
      List<String> lines =
          Files.readAllLines(file).stream()
              .filter(line -> !line.startsWith(whom.peer() + "\t"))
              .collect(Collectors.toList());
      String nodes =
          whom.card().nodes().stream().map(KnownNode::toString).collect(Collectors.joining("\t"));
      String name = whom.card().name().orElse("-").replace('\t', ' ');
      lines.add((whom.peer() + "\t" + name + "\t" + nodes).stripTrailing());
      Files.write(file, lines);
    } catch (IOException e) {
      throw fault(file);
    }
  }
}

package dev.culvert.cli.introduce;

import dev.culvert.cli.Fault;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.code.Introduced;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Whom its owner knows: a line each, an id, then a name or {@code -}, then nodes, with tabs
 * between.
 */
final class ContactsFile {
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

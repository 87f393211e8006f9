package dev.culvert.cli.connect;

import dev.culvert.cli.Console;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.NodeList;
import dev.culvert.rendezvous.NodeSource;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** The nodes that a peer knew the last time, beside its key. Safe for several threads. */
final class NodesFile {
  private final Path file;
  private final Console console;
  private boolean complained;

  NodesFile(Path file, Console console) {
    this.file = file;
    this.console = console;
  }

  /** {@code peer.nodes} beside {@code peer.key}. */
  static NodesFile beside(Path key, Console console) {
    String name = String.valueOf(key.getFileName()).replaceFirst("\\.key$", "") + ".nodes";
    return new NodesFile(key.resolveSibling(name), console);
  }

  /** Those of the last time; a file that cannot be read costs no more than a warning. */
  List<KnownNode> read() {
    if (!Files.exists(file)) {
      return List.of();
    }
    try {
      return NodeList.read(Files.readString(file), NodeSource.CACHED);
    } catch (IOException e) {
      complain("read");
      return List.of();
    }
  }

  /** Keeps these in place of the others, all at once. */
  synchronized void write(List<KnownNode> nodes) {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.writeString(fresh, NodeList.write(nodes));
      try {
        Files.move(
            fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } catch (AtomicMoveNotSupportedException e) {
        Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      complain("written");
    }
  }

  private synchronized void complain(String what) {
    if (!complained) {
      complained = true;
      console.say("warning: the nodes in " + file + " cannot be " + what);
    }
  }
}

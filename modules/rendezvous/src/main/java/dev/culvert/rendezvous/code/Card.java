package dev.culvert.rendezvous.code;

import dev.culvert.rendezvous.JoinTextException;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.NodeSource;
import dev.culvert.sansio.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a peer tells of itself when it is introduced, beside its id.
 *
 * @param name for people, 1 to 64 characters that can be seen; empty to give none
 * @param nodes where it is to be met, at most 8, each with one URL
 */
public record Card(Optional<String> name, List<KnownNode> nodes) {
  /** The most characters of a name. */
  public static final int LONGEST_NAME = 64;

  private static final int MOST_NODES = 8;
  private static final int LONGEST_NODE = 255;
  private static final int STEP = 512;

  /** Keeps the first eight nodes; refuses a name that is none. */
  public Card {
    if (!name.map(Card::isName).orElse(true)) {
      throw new IllegalArgumentException("that is no name");
    }
    nodes =
        nodes.stream()
            .filter(node -> Bytes.utf8(node.toString()).length() <= LONGEST_NODE)
            .limit(MOST_NODES)
            .toList();
  }

  /** Whether people can be shown that as a name: it has no letters that change the line around. */
  public static boolean isName(String name) {
    return !name.isBlank()
        && name.codePointCount(0, name.length()) <= LONGEST_NAME
        && name.codePoints().allMatch(Card::isVisible);
  }

  private static boolean isVisible(int letter) {
    return switch (Character.getType(letter)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }

  /** Lines: the name, or none, then the nodes; filled up so that its length tells little. */
  Bytes write() {
    StringBuilder text = new StringBuilder(name.orElse(""));
    nodes.forEach(node -> text.append('\n').append(node));
    int over = Bytes.utf8(text.toString()).length() % STEP;
    return Bytes.utf8(text.append("\n".repeat(STEP - over)).toString());
  }

  /**
   * Reads what somebody else wrote; what is damaged in it is left out. Nodes without TLS are those
   * of the other's own host, so they are left out, too.
   */
  static Card read(Bytes body) {
    List<String> lines = body.utf8().lines().toList();
    List<KnownNode> nodes = new ArrayList<>();
    for (String line : lines.subList(Math.min(1, lines.size()), lines.size())) {
      if (!line.isEmpty() && nodes.size() < MOST_NODES) {
        node(line).ifPresent(nodes::add);
      }
    }
    return new Card(lines.stream().limit(1).filter(Card::isName).findFirst(), nodes);
  }

  private static Optional<KnownNode> node(String line) {
    try {
      return Optional.of(KnownNode.parse(line, NodeSource.TOLD))
          .filter(node -> node.urls().get(0).secure());
    } catch (JoinTextException e) {
      return Optional.empty();
    }
  }
}

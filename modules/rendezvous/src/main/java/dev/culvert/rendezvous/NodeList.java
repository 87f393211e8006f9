package dev.culvert.rendezvous;

import dev.culvert.identity.PeerId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Nodes as text, for a file that outlives the program: a line each, its id or {@code -}, then its
 * URLs. Its owner writes and reads the file.
 */
public final class NodeList {
  private static final String HEAD = "# culvert nodes 1";
  private static final int MOST = 256;

  private NodeList() {}

  /** The text, at most 256 nodes, the first ones given. */
  public static String write(List<KnownNode> nodes) {
    return nodes.stream()
        .limit(MOST)
        .map(NodeList::line)
        .collect(Collectors.joining("", HEAD + "\n", ""));
  }

  private static String line(KnownNode node) {
    return node.urls().stream()
        .map(NodeUrl::toString)
        .collect(Collectors.joining(" ", node.id().map(PeerId::toString).orElse("-") + " ", "\n"));
  }

  /** Reads what {@link #write} wrote; a line that is damaged costs that node and no other. */
  public static List<KnownNode> read(String text, NodeSource source) {
    Set<KnownNode> nodes = new LinkedHashSet<>();
    text.lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .limit(MOST)
        .forEach(line -> node(line, source).ifPresent(nodes::add));
    return List.copyOf(nodes);
  }

  private static Optional<KnownNode> node(String line, NodeSource source) {
    List<String> words = List.of(line.strip().split("\\s+", -1));
    Optional<PeerId> id = PeerId.read(words.get(0)).filter(PeerId::isGood);
    List<NodeUrl> urls = new ArrayList<>();
    words.stream().skip(1).limit(4).map(NodeUrl::parse).forEach(url -> url.ifPresent(urls::add));
    boolean isNode = !urls.isEmpty() && (id.isPresent() || words.get(0).equals("-"));
    return isNode ? Optional.of(new KnownNode(id, urls, source)) : Optional.empty();
  }
}

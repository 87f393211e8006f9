package dev.culvert.rendezvous;

import dev.culvert.identity.PeerId;
import dev.culvert.identity.PeerIdException;
import java.util.List;
import java.util.Optional;

/**
 * A node that a peer may attach to.
 *
 * @param id the key that it has to prove; empty if whoever has a certificate for the URL's host
 *     will do
 * @param urls where it is reached, best first, 1 to 4 of them
 * @param source how it came to be known
 */
public record KnownNode(Optional<PeerId> id, List<NodeUrl> urls, NodeSource source) {
  private static final int MOST_URLS = 4;

  /** Copies the list; refuses none and too many. */
  public KnownNode {
    urls = List.copyOf(urls);
    if (urls.isEmpty() || urls.size() > MOST_URLS) {
      throw new IllegalArgumentException("a node has 1 to 4 URLs, not " + urls.size());
    }
  }

  /** What a node says of itself. */
  public static KnownNode of(NodeRecord record, NodeSource source) {
    List<NodeUrl> urls =
        record.urls().stream().map(NodeUrl::parse).flatMap(Optional::stream).toList();
    return new KnownNode(Optional.of(record.node()), urls, source);
  }

  /**
   * Reads {@code URL} or {@code URL~ID}, as people give it; a tilde of the URL itself has to be
   * escaped.
   *
   * @throws JoinTextException with one line that names the fault
   */
  public static KnownNode parse(String text, NodeSource source) throws JoinTextException {
    String stripped = text.strip();
    int tilde = stripped.lastIndexOf('~');
    return tilde < 0
        ? of(stripped, Optional.empty(), source)
        : of(stripped.substring(0, tilde), Optional.of(stripped.substring(tilde + 1)), source);
  }

  static KnownNode of(String url, Optional<String> id, NodeSource source) throws JoinTextException {
    NodeUrl parsed =
        NodeUrl.parse(url)
            .orElseThrow(
                () ->
                    new JoinTextException(
                        "this is no URL of a node: "
                            + url
                            + "; give wss://host[:port][/path], or ws:// toward loopback"));
    return new KnownNode(
        id.isPresent() ? Optional.of(id(id.get())) : Optional.empty(), List.of(parsed), source);
  }

  static PeerId id(String text) throws JoinTextException {
    try {
      return PeerId.parse(text);
    } catch (PeerIdException e) {
      throw new JoinTextException(String.valueOf(e.getMessage()));
    }
  }

  /** As {@link #parse} reads it, with its first URL. */
  @Override
  public String toString() {
    return urls.get(0) + id.map(its -> "~" + its).orElse("");
  }
}

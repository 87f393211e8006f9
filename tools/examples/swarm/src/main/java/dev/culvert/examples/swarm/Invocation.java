package dev.culvert.examples.swarm;

import dev.culvert.identity.PeerId;
import dev.culvert.identity.PeerIdException;
import dev.culvert.rendezvous.JoinTextException;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.NodeSource;
import dev.culvert.sansio.Bytes;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * What the command line asks for.
 *
 * @param name of the swarm to fetch from; empty: {@code file} is shared
 * @param file what to share, or where to put what comes
 * @param peers who is in the swarm already
 * @param nodes where peers meet
 * @param serve the address at which this peer is a node and a relay for others
 * @param upload bytes a second that it gives others; 0: any amount
 */
record Invocation(
    Optional<Bytes> name,
    Path file,
    List<PeerId> peers,
    List<KnownNode> nodes,
    Optional<InetAddress> serve,
    long upload) {
  static final String USAGE =
      """
      SwarmPeer share FILE [PEER...] [OPTION...]
      SwarmPeer fetch NAME FILE PEER... [OPTION...]
        --node NODE     where peers meet: wss://host[:port]~ID; several are better
        --serve IP      be a node and a relay for others at this address, which they have to reach
        --upload BYTES  give others so many bytes a second at most
      """;

  Invocation {
    peers = List.copyOf(peers);
    nodes = List.copyOf(nodes);
  }

  /**
   * Reads the words of the command line.
   *
   * @throws IllegalArgumentException with one line that names the fault
   */
  static Invocation parse(String... words) {
    List<String> plain = new ArrayList<>();
    List<KnownNode> nodes = new ArrayList<>();
    Optional<InetAddress> serve = Optional.empty();
    long upload = 0;
    Deque<String> left = new ArrayDeque<>(List.of(words));
    while (!left.isEmpty()) {
      String word = left.remove();
      switch (word) {
        case "--node" -> nodes.add(node(value(word, left)));
        case "--serve" -> serve = Optional.of(address(value(word, left)));
        case "--upload" -> upload = amount(value(word, left));
        default -> {
          if (word.startsWith("--")) {
            throw new IllegalArgumentException("there is no option " + word);
          }
          plain.add(word);
        }
      }
    }
    boolean fetches = plain.size() > 3 && plain.get(0).equals("fetch");
    if (fetches || (plain.size() > 1 && plain.get(0).equals("share"))) {
      Optional<Bytes> name = fetches ? Optional.of(name(plain.get(1))) : Optional.empty();
      int file = fetches ? 2 : 1;
      List<PeerId> peers =
          plain.subList(file + 1, plain.size()).stream().map(Invocation::peer).toList();
      return new Invocation(name, Path.of(plain.get(file)), peers, nodes, serve, upload);
    }
    throw new IllegalArgumentException("say what to share, or what to fetch, where to and of whom");
  }

  private static String value(String option, Deque<String> left) {
    if (left.isEmpty()) {
      throw new IllegalArgumentException(option + " needs a value");
    }
    return left.remove();
  }

  private static KnownNode node(String text) {
    try {
      return KnownNode.parse(text, NodeSource.CONFIGURED);
    } catch (JoinTextException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static PeerId peer(String text) {
    try {
      return PeerId.parse(text);
    } catch (PeerIdException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static Bytes name(String text) {
    if (!text.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException("the name of a swarm is 64 digits, not " + text);
    }
    return Bytes.hex(text);
  }

  private static InetAddress address(String text) {
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("there is no address " + text, e);
    }
  }

  private static long amount(String text) {
    if (!text.matches("[0-9]{1,12}")) {
      throw new IllegalArgumentException("--upload is a number of bytes, not " + text);
    }
    return Long.parseLong(text);
  }
}

package dev.culvert.rendezvous;

import dev.culvert.identity.PeerId;
import dev.culvert.sansio.Bytes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * What one person hands to another so that they can meet: who, at which nodes, and a secret that
 * shows that the other was invited.
 *
 * <p>Its {@link #text} is {@code culvert://ID?v=1&n=NODE~ID&…&s=SECRET}: the nodes without {@code
 * wss://}, the secret in hexadecimal, what is neither a small letter nor a digit nor one of {@code
 * -._:/} in nodes escaped (RFC 3986 §2.1). So it means the same in letters of either case, and goes
 * through chats, mails and printed codes unharmed.
 *
 * @param peer who invites
 * @param nodes where it is to be met, at most 8, each with one URL and {@link NodeSource#INVITED}
 * @param secret 16 bytes
 */
public record Invite(PeerId peer, List<KnownNode> nodes, Bytes secret) {
  /** The bytes of a secret. */
  public static final int SECRET = 16;

  /** The most characters of a text. */
  public static final int LONGEST = 2048;

  private static final int MOST_NODES = 8;

  /** Keeps each node's first URL; refuses too many nodes, a text too long, another secret. */
  public Invite {
    nodes =
        nodes.stream()
            .map(node -> new KnownNode(node.id(), node.urls().subList(0, 1), NodeSource.INVITED))
            .toList();
    if (secret.length() != SECRET) {
      throw new IllegalArgumentException("a secret has 16 bytes, not " + secret.length());
    }
    if (nodes.size() > MOST_NODES || InviteText.write(peer, nodes, secret).length() > LONGEST) {
      throw new IllegalArgumentException("that is too much for an invite: " + nodes);
    }
  }

  /**
   * A new invite, with as many of the nodes as it has room for.
   *
   * @param nodes the best first
   * @param random a {@link java.security.SecureRandom} for anything but a simulation
   */
  public static Invite to(PeerId peer, List<KnownNode> nodes, RandomGenerator random) {
    byte[] secret = new byte[SECRET];
    random.nextBytes(secret);
    Bytes kept = Bytes.wrap(secret);
    Map<String, KnownNode> fitting = new LinkedHashMap<>();
    for (KnownNode node : nodes) {
      List<KnownNode> more = new ArrayList<>(fitting.values());
      more.add(node);
      if (more.size() <= MOST_NODES && InviteText.write(peer, more, kept).length() <= LONGEST) {
        fitting.putIfAbsent(node.toString(), node);
      }
    }
    return new Invite(peer, List.copyOf(fitting.values()), kept);
  }

  /**
   * Reads one, in letters of either case.
   *
   * @throws JoinTextException with one line that names the fault and never the secret
   */
  public static Invite parse(String text) throws JoinTextException {
    return InviteText.read(text);
  }

  /** The whole, the secret too. */
  public String text() {
    return InviteText.write(peer, nodes, secret);
  }

  /** Whom and where, without the secret. */
  @Override
  public String toString() {
    return "Invite[" + peer + ", " + nodes + "]";
  }

  static Optional<Bytes> secret(String hex) {
    boolean good = hex.length() == 2 * SECRET && hex.chars().allMatch(Invite::isHex);
    return good ? Optional.of(Bytes.hex(hex)) : Optional.empty();
  }

  private static boolean isHex(int letter) {
    return (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'f');
  }
}

package dev.culvert.rendezvous;

import dev.culvert.identity.PeerId;
import dev.culvert.identity.PeerKey;
import dev.culvert.identity.Signed;
import dev.culvert.sansio.Bytes;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a node says of itself, to be passed on by anybody: where it is reached.
 *
 * @param node its id
 * @param urls {@code wss://host[:port]/path}, best first, 1 to 4 of them
 * @param expiry when it is void, to the second
 */
public record NodeRecord(PeerId node, List<String> urls, Instant expiry) {
  private static final String PURPOSE = "rdv1-node-record";
  private static final int MOST_URLS = 4;

  /** The most characters of a URL. */
  public static final int LONGEST_URL = 255;

  private static final long LATEST = 253_402_300_799L;

  /** Copies the list; refuses what is no URL of a node, and too many. */
  public NodeRecord {
    urls = List.copyOf(urls);
    expiry = Instant.ofEpochSecond(expiry.getEpochSecond());
    if (urls.isEmpty() || urls.size() > MOST_URLS || !urls.stream().allMatch(NodeRecord::isUrl)) {
      throw new IllegalArgumentException("no URLs of a node: " + urls);
    }
    if (expiry.getEpochSecond() < 0 || expiry.getEpochSecond() > LATEST) {
      throw new IllegalArgumentException("no expiry: " + expiry);
    }
  }

  private static boolean isUrl(String url) {
    return url.length() <= LONGEST_URL && NodeUrl.parse(url).isPresent();
  }

  /**
   * Signs it.
   *
   * @throws IllegalArgumentException if it is another node's key
   */
  public Signed sign(PeerKey key) {
    if (!key.id().equals(node)) {
      throw new IllegalArgumentException("the record is of " + node + ", the key of " + key.id());
    }
    Bytes payload =
        Bytes.wrap(ByteBuffer.allocate(8).putLong(expiry.getEpochSecond()).array())
            .concat(Bytes.utf8(String.join("\n", urls)));
    return Signed.by(key, PURPOSE, payload);
  }

  /**
   * Reads one.
   *
   * @return empty unless its signer signed it as a node's record; whether it has expired is for the
   *     caller to see
   */
  public static Optional<NodeRecord> read(Signed signed) {
    Optional<Bytes> payload = signed.verify(PURPOSE).filter(its -> its.length() > 8);
    if (payload.isEmpty()) {
      return Optional.empty();
    }
    long expiry = payload.get().int64(0);
    List<String> urls = new ArrayList<>(payload.get().slice(8).utf8().lines().toList());
    try {
      return Optional.of(new NodeRecord(signed.signer(), urls, Instant.ofEpochSecond(expiry)));
    } catch (IllegalArgumentException | java.time.DateTimeException e) {
      return Optional.empty();
    }
  }
}

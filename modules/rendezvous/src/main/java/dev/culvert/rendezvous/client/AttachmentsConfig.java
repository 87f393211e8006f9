package dev.culvert.rendezvous.client;

import dev.culvert.sansio.Bytes;
import java.time.Duration;
import java.util.List;

/**
 * How a peer attaches to nodes.
 *
 * @param findable whether it registers a record, so that others find it; one that only calls need
 *     not
 * @param namespaces the tokens of those that it is discovered in, 32 bytes each, at most 8
 * @param validity how long its record holds, 1 minute to 1 hour; it is renewed after a third
 * @param leastSequence its record's sequence is greater than this, and than the time in
 *     milliseconds; 0 unless the owner remembers one
 * @param lookingNear whether it looks for nodes on the local network while fewer than two others
 *     answer
 */
public record AttachmentsConfig(
    boolean findable,
    List<Bytes> namespaces,
    Duration validity,
    long leastSequence,
    boolean lookingNear) {
  private static final Duration SHORTEST = Duration.ofMinutes(1);
  private static final Duration LONGEST = Duration.ofHours(1);
  private static final int MOST_NAMESPACES = 8;
  private static final int TOKEN = 32;

  /** Copies the list; refuses what is out of range. */
  public AttachmentsConfig {
    namespaces = List.copyOf(namespaces);
    if (validity.compareTo(SHORTEST) < 0 || validity.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("a record holds for 1 to 60 minutes, not " + validity);
    }
    if (namespaces.size() > MOST_NAMESPACES
        || namespaces.stream().anyMatch(token -> token.length() != TOKEN)) {
      throw new IllegalArgumentException("at most 8 namespaces, of 32 bytes each");
    }
  }

  /**
   * To be found by whoever knows the id. A record holds for half an hour, so that clocks may differ
   * by as much.
   */
  public static AttachmentsConfig standard() {
    return new AttachmentsConfig(true, List.of(), Duration.ofMinutes(30), 0, false);
  }

  /** The same, discovered in these namespaces. */
  public AttachmentsConfig in(List<Bytes> tokens) {
    return new AttachmentsConfig(findable, tokens, validity, leastSequence, lookingNear);
  }

  /** The same, registered or not. */
  public AttachmentsConfig findable(boolean isFindable) {
    return new AttachmentsConfig(isFindable, namespaces, validity, leastSequence, lookingNear);
  }

  /** The same, looking for nodes on the local network (RFC 6763) where others do not answer. */
  public AttachmentsConfig thatLooksNear() {
    return new AttachmentsConfig(findable, namespaces, validity, leastSequence, true);
  }
}

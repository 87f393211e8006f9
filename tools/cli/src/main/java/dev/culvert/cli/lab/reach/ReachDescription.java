package dev.culvert.cli.lab.reach;

import dev.culvert.sansio.TransportAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What one side tells the other out of band before they meet.
 *
 * @param tag what probes for this side carry, so that others' packets do not count; chosen at
 *     random, 1 to 64 characters
 * @param local its own address and port
 * @param reflexive the same as a STUN server sees them; empty if none answered
 */
public record ReachDescription(
    String tag, TransportAddress local, Optional<TransportAddress> reflexive) {

  /** Refuses tags of other lengths. */
  public ReachDescription {
    if (tag.isEmpty() || tag.length() > 64) {
      throw new IllegalArgumentException("a tag has 1 to 64 characters, not " + tag.length());
    }
  }

  /** Where it may be found, each once. */
  public List<TransportAddress> addresses() {
    return Stream.concat(Stream.of(local), reflexive.stream()).distinct().toList();
  }
}

package dev.culvert.bench.meet;

import dev.culvert.identity.PeerKey;
import dev.culvert.identity.Signed;
import dev.culvert.rendezvous.PeerRecord;
import dev.culvert.rendezvous.client.NodeClient;
import dev.culvert.sansio.Bytes;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** One peer of the crowd. */
final class Member {
  private static final Duration VALIDITY = Duration.ofMinutes(50);

  final PeerKey key;

  /** Whether it goes as soon as it is registered. */
  final boolean leaves;

  Optional<NodeClient> client = Optional.empty();
  Optional<Bytes> token = Optional.empty();
  boolean registered;
  int failures;
  private long sequence;

  Member(PeerKey key, boolean leaves) {
    this.key = key;
    this.leaves = leaves;
  }

  /** Whether the node would answer it and others reach it. */
  boolean isThere() {
    return registered && client.filter(NodeClient::isWelcome).isPresent();
  }

  /** A later one than all before. */
  Signed record(Bytes sealingKey, Instant now) {
    return new PeerRecord(key.id(), sealingKey, ++sequence, now.plus(VALIDITY)).sign(key);
  }
}

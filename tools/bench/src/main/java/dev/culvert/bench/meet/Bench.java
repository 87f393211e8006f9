package dev.culvert.bench.meet;

import dev.culvert.identity.PeerKey;
import dev.culvert.sansio.Bytes;

/** What node and crowd agree on beforehand. */
final class Bench {
  /** The node's key, the same after a restart. */
  static final PeerKey NODE =
      PeerKey.ofSeed(Bytes.utf8("a key for no other purpose at all").slice(0, 32));

  /** For its tokens. */
  static final Bytes SECRET = Bytes.utf8("and a secret that everybody knows").slice(0, 32);

  private Bench() {}
}

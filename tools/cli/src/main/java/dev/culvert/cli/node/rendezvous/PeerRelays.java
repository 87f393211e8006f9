package dev.culvert.cli.node.rendezvous;

import dev.culvert.identity.PeerId;
import dev.culvert.rendezvous.wire.Frame;
import dev.culvert.turn.auth.TimeLimitedCredential;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;

/**
 * Hands peers credentials for this node's relay: each is bound to the peer's key, so that what one
 * user may have is what one key may have, without a name that shows the key, and is void within an
 * hour. Safe for every thread.
 */
public final class PeerRelays implements Function<PeerId, List<Frame.RelayOffer>> {
  /** How long a credential lets its peer allocate. */
  static final Duration LIFE = Duration.ofHours(1);

  private final String secret;
  private final InstantSource clock;
  private volatile List<String> uris = List.of();

  /**
   * Relays that are nowhere so far.
   *
   * @param secret shared with the relay
   */
  public PeerRelays(String secret, InstantSource clock) {
    this.secret = secret;
    this.clock = clock;
  }

  /** They are there (RFC 7065) from now on. */
  void at(List<String> where) {
    uris = List.copyOf(where);
  }

  @Override
  public List<Frame.RelayOffer> apply(PeerId peer) {
    TimeLimitedCredential its =
        TimeLimitedCredential.forKey(secret, peer.key(), clock.instant().plus(LIFE));
    return uris.stream()
        .map(uri -> new Frame.RelayOffer(uri, its.username(), its.password(), its.expiry()))
        .toList();
  }
}

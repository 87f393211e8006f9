package dev.culvert.turn.server;

import java.util.Locale;

/** What a relay counts. */
public enum TurnCount {
  /** Allocations that were made. */
  ALLOCATIONS,
  /** Allocations that ended, whyever. */
  ALLOCATIONS_ENDED,
  /** Requests that were answered with success. */
  REQUESTS_DONE,
  /** Requests that were refused with an error, 401 and 438 apart. */
  REQUESTS_REFUSED,
  /** Requests without the right credentials or with a stale nonce that were told so. */
  CHALLENGES,
  /** Challenges that were not sent, because of the rate limit or for being too long. */
  CHALLENGES_DROPPED,
  /** Datagrams and messages that made no sense here. */
  DROPPED_GARBAGE,
  /** Data for a channel that is not bound, or to and from peers without a permission. */
  DROPPED_NO_PERMISSION,
  /** Data toward peers that the policy forbids. */
  DROPPED_FORBIDDEN,
  /** Data beyond the bandwidth that is granted. */
  DROPPED_BANDWIDTH,
  /** Datagrams relayed from clients to peers. */
  TO_PEERS,
  /** Payload bytes of those, and of TCP connections. */
  TO_PEERS_BYTES,
  /** Datagrams relayed from peers to clients. */
  TO_CLIENTS,
  /** Payload bytes of those, and of TCP connections. */
  TO_CLIENTS_BYTES;

  /** {@code allocations} and so on. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}

package dev.culvert.ice.engine;

/** What not every engine can do. */
public enum IceFeature {
  /** Begins anew while data flows on (RFC 8445 §9). */
  RESTART,
  /** Tells and takes candidates one by one, and an end of them that it believes (RFC 8838). */
  TRICKLE,
  /** Speaks to relays over TCP (RFC 8656 §3.1). */
  RELAY_OVER_TCP,
  /** Speaks to relays over TLS (RFC 8656 §3.1). */
  RELAY_OVER_TLS,
  /** Uses candidates of TCP (RFC 6544). */
  ICE_TCP,
  /** Tells names of multicast DNS in place of addresses. */
  HIDDEN_ADDRESSES,
  /** Only answers checks, where it is told to (RFC 8445 §2.5). */
  LITE,
  /** Has more than one flow of data to one peer (RFC 8445 §4, component). */
  COMPONENTS,
  /** Moves to another valid pair within seconds when the selected one falls silent. */
  FAILOVER,
  /** Stops sending within 30 s to a peer that answers no longer (RFC 7675 §5.1). */
  CONSENT,
  /** Says what became of every pair of candidates. */
  FATES,
  /** All connections share one socket per address of this host. */
  SHARED_SOCKET,
  /** Carries datagrams of more than 1,500 bytes. */
  LARGE_DATAGRAMS
}

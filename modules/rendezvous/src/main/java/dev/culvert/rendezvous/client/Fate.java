package dev.culvert.rendezvous.client;

/** What became of a signal. */
public enum Fate {
  /** A node says that it handed it to the peer. */
  DELIVERED,
  /** The peer is connected to none of the nodes that answered. */
  OFFLINE,
  /** The peer does not take what comes fast enough. */
  BUSY,
  /** Too much was said, by this peer or to that one. */
  QUOTA,
  /** The peer wants to hear nothing from this one. */
  BLOCKED,
  /** No node answered. */
  NO_NODE
}

package dev.culvert.rendezvous;

/** How a peer came to know a node, in the order in which it tries them when it joins. */
public enum NodeSource {
  /** It was attached to it before. */
  CACHED,
  /** Its owner named it. */
  CONFIGURED,
  /** An {@link Invite} named it. */
  INVITED,
  /** It was found on the local network. */
  LOCAL,
  /** Another node named it, or a peer did. */
  TOLD
}

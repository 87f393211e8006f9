package dev.culvert.cli.node;

/** How far a node is. */
enum NodeState {
  /** It answers everybody. */
  READY,
  /** It goes on with what it has, and takes nothing new. */
  DRAINING,
  /** It answers nobody any more. */
  ENDED
}

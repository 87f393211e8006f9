package dev.culvert.ice;

/** How far an agent has come. */
public enum IceState {
  /** It does not know the peer yet. */
  NEW,
  /** It checks. */
  CHECKING,
  /** Every component has a path; a better one may come. */
  CONNECTED,
  /** Every component has its selected pair. */
  COMPLETED,
  /** The path of some component is silent; it looks for another. */
  DISCONNECTED,
  /** There is no path and none will come; a restart may help. */
  FAILED,
  /** Its owner ended it. */
  CLOSED
}

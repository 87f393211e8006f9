package dev.culvert.cli.lab.reach;

/** What a {@link ReachMachine} tells. */
public sealed interface ReachEvent {

  /** It knows its own addresses; the other side needs them. */
  record Described(ReachDescription description) implements ReachEvent {}

  /** It found out whether it reaches the other side; it goes on answering the other's probes. */
  record Ended(ReachResult result) implements ReachEvent {}

  /** It has no socket, in one line for people. */
  record Failed(String detail) implements ReachEvent {}
}

package dev.culvert.cli.lab.relay;

/** What a {@link RelayMachine} tells. */
public sealed interface RelayEvent {

  /** It has an allocation, or will not get one; the other side needs to know. */
  record Described(RelayDescription description) implements RelayEvent {}

  /** It found out whether it reaches the other side; it goes on answering the other. */
  record Ended(RelayResult result) implements RelayEvent {}

  /** It has given back what it had; nothing follows. */
  record Closed() implements RelayEvent {}
}

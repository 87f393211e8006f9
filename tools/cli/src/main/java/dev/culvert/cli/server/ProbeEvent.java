package dev.culvert.cli.server;

/** What a {@link ServerProbe} tells. */
public sealed interface ProbeEvent {

  /** One transport and family is done with. */
  record Result(ProbeResult result) implements ProbeEvent {}

  /**
   * The server's name leads nowhere; only {@link Finished} follows.
   *
   * @param exists false if there is no such name, true if nobody could say
   * @param detail one line for people
   */
  record Unresolved(boolean exists, String detail) implements ProbeEvent {}

  /** Nothing follows. */
  record Finished() implements ProbeEvent {}
}

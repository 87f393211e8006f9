package dev.culvert.rendezvous.call;

import dev.culvert.identity.PeerId;
import java.time.Duration;

/** What {@link Calls} tells of a call. */
public sealed interface CallEvent {
  /** Which, as {@link Calls#call} named it, or as {@link Asked} did. */
  long call();

  /**
   * Somebody who may calls: say {@link Calls#accept} or {@link Calls#decline}.
   *
   * @param call names the call
   * @param from who, proven
   * @param admission why it may
   */
  record Asked(long call, PeerId from, Admission admission) implements CallEvent {}

  /** The other side asks somebody. */
  record Ringing(long call) implements CallEvent {}

  /**
   * Both sides want it: a description is to be given to {@link Calls#describe}. Before this event
   * nobody has told the other anything of where it is.
   *
   * @param call which
   * @param peer with whom
   * @param caller whether this side called
   */
  record Agreed(long call, PeerId peer, boolean caller) implements CallEvent {}

  /**
   * This side called while the peer did, too, and took the peer's call for its own, which the peer
   * gave up before it knew: what {@link Agreed} began is void, and the peer is called anew. Comes
   * at most once for a call.
   *
   * @param call which
   * @param peer with whom
   */
  record Reopened(long call, PeerId peer) implements CallEvent {}

  /**
   * The peer described itself, for the first time or again.
   *
   * @param call which
   * @param description as its owner gave it
   */
  record Described(long call, String description) implements CallEvent {}

  /**
   * How long the way over the nodes is.
   *
   * @param call which
   * @param roundTrip there and back
   */
  record Measured(long call, Duration roundTrip) implements CallEvent {}

  /**
   * It is over. Nothing follows.
   *
   * @param call which
   * @param peer with whom it was, or would have been
   * @param reason why
   */
  record Ended(long call, PeerId peer, CallEnd reason) implements CallEvent {}
}

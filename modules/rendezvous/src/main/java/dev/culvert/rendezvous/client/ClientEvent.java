package dev.culvert.rendezvous.client;

import dev.culvert.identity.PeerId;
import dev.culvert.rendezvous.wire.Frame;
import dev.culvert.sansio.Bytes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What a {@link NodeClient} tells. */
public sealed interface ClientEvent {
  /**
   * Both sides have proven who they are.
   *
   * @param node which node it is
   * @param welcome what it offers
   * @param clockAhead how far the node's clock is before this one, negative if behind
   * @param stun where it answers STUN Binding requests, as {@code host:port}
   */
  record Welcomed(PeerId node, Frame.Welcome welcome, Duration clockAhead, List<String> stun)
      implements ClientEvent {}

  /**
   * A request was answered, with a {@link Frame.Reply} or a {@link Frame.Refusal}.
   *
   * @param request its id
   * @param answer what the node said; empty if it never will
   */
  record Answered(long request, Optional<Frame> answer) implements ClientEvent {}

  /**
   * Somebody said something.
   *
   * @param from who the node says it was
   * @param sealed an {@link dev.culvert.identity.Envelope}
   */
  record Said(PeerId from, Bytes sealed) implements ClientEvent {}

  /**
   * The other one at a plate said something.
   *
   * @param said what, and at which
   */
  record PlateSaid(Frame.PlateSaid said) implements ClientEvent {}

  /**
   * A visit at a plate is over, or the plate is gone.
   *
   * @param left which
   */
  record PlateLeft(Frame.PlateLeft left) implements ClientEvent {}

  /** The node is going away. */
  record Redirected(Frame.Redirect redirect) implements ClientEvent {}

  /**
   * It is over. Nothing follows.
   *
   * @param reason one line for people
   * @param retryAfter when it may go better, if the node said so
   * @param proven whether it had been welcomed before
   * @param lied whether the node is another than it should be; it is never tried again
   */
  record Ended(String reason, Optional<Duration> retryAfter, boolean proven, boolean lied)
      implements ClientEvent {}
}

package dev.culvert.cli.ice;

import dev.culvert.ice.IcePath;
import dev.culvert.ice.text.IceDescription;
import dev.culvert.session.SessionEvent;
import java.time.Duration;

/** What an {@link IcePeer} tells. */
public sealed interface PeerEvent {

  /** Something about gathering. */
  record Gathering(SessionEvent event) implements PeerEvent {}

  /** All that the other side needs to know. */
  record Described(IceDescription description) implements PeerEvent {}

  /**
   * Data goes this way from now on.
   *
   * @param since both sides were known
   */
  record PathChanged(IcePath path, Duration since) implements PeerEvent {}

  /** A datagram to the other side and back. */
  record Pinged(Duration roundTrip) implements PeerEvent {}

  /**
   * What the other side was told does not hold any more.
   *
   * @param reason one line for people
   */
  record Stale(String reason) implements PeerEvent {}

  /** It is over; nothing but {@link Closed} follows. */
  record Ended(PeerResult result) implements PeerEvent {}

  /** Everything is given back. */
  record Closed() implements PeerEvent {}
}

package dev.culvert.rendezvous.code;

import dev.culvert.identity.PeerId;
import dev.culvert.rendezvous.client.ClientEvent;
import dev.culvert.sansio.MonotonicTime;
import java.util.Optional;

/**
 * One side of an introduction by a {@link Code}, over whatever nodes its owner is attached to. The
 * owner says which these are, passes on what they say, and calls {@link #advance} in time.
 *
 * <p>Confined to one thread.
 */
public sealed interface Introduction permits HostIntroduction, GuestIntroduction {
  /** A node can be asked from now on. */
  void attached(PeerId node, MonotonicTime now);

  /** A node cannot be asked any more. */
  void detached(PeerId node, MonotonicTime now);

  /** Takes what a node said; what is none of its business is passed over. */
  void take(PeerId node, ClientEvent event, MonotonicTime now);

  /** Gives up, and says so to the nodes. Nothing follows but what {@link PlateCarrier} is asked. */
  void close(MonotonicTime now);

  /** Does what is due; early or repeated calls do nothing. */
  void advance(MonotonicTime now);

  /** When {@link #advance} has something to do. */
  Optional<MonotonicTime> nextDeadline();

  /** What happened. */
  Optional<IntroductionEvent> pollEvent();
}

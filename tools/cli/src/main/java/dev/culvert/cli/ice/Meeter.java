package dev.culvert.cli.ice;

import dev.culvert.ice.text.IceDescription;

/** One of two that meet, on threads of its own; what it comes to is told by {@link PeerEvent}s. */
interface Meeter extends AutoCloseable {
  /** Finds candidates, and describes itself. */
  void begin();

  /** Tells it of the other side, before it has begun or after. */
  void meet(IceDescription description);

  /** Ends it, whatever it has come to; {@link PeerEvent.Closed} follows. */
  void leave();

  /** Gives its threads back. */
  @Override
  void close();
}

package dev.culvert.rendezvous.client;

import dev.culvert.sansio.MonotonicTime;
import java.util.Optional;

/**
 * Something that is asked of several nodes. Answers are noted, and acted on in {@link #advance}.
 */
interface Quest {
  /** Goes on with it; called after whatever happened. */
  void advance(MonotonicTime now);

  /** When to go on, whatever happens. */
  MonotonicTime nextDeadline();

  /** What came of it, once it is over. */
  Optional<AttachmentEvent> result();

  /** Ends it with what is known by now. */
  void end();
}

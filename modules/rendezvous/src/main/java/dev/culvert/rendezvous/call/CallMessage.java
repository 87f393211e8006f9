package dev.culvert.rendezvous.call;

import dev.culvert.sansio.Bytes;
import java.util.Optional;

/** What one peer says to the other about a call; see the package. */
sealed interface CallMessage {
  /** Whether it has its place in the order, and is said again until it is acknowledged. */
  default boolean isOrdered() {
    return true;
  }

  /** May I? */
  record Offer(Optional<Bytes> proof) implements CallMessage {}

  /** Somebody is being asked. */
  record Ringing() implements CallMessage {}

  /** Yes, and this is where I am; the call of this session was mine, and is given up for it. */
  record Answer(String description, Optional<Bytes> instead) implements CallMessage {
    Answer(String description) {
      this(description, Optional.empty());
    }
  }

  /** Where I am. */
  record Describe(String description) implements CallMessage {}

  /** No. */
  record Decline(boolean busy) implements CallMessage {}

  /**
   * It is over.
   *
   * @param unanswered its sender has called, and had no answer when it gave up
   */
  record Bye(String reason, boolean unanswered) implements CallMessage {
    Bye(String reason) {
      this(reason, false);
    }

    Bye early() {
      return new Bye(reason, true);
    }
  }

  /** Of a kind that a later version may have. */
  record Unknown() implements CallMessage {}

  /** Come back at once. */
  record Sync(long sent) implements CallMessage {
    @Override
    public boolean isOrdered() {
      return false;
    }
  }

  /** Here you are. */
  record Synced(long sent, long held) implements CallMessage {
    @Override
    public boolean isOrdered() {
      return false;
    }
  }

  /** What all messages say. */
  record Ack() implements CallMessage {
    @Override
    public boolean isOrdered() {
      return false;
    }
  }
}

package dev.culvert.rendezvous.call;

import dev.culvert.sansio.Bytes;

/** What is said in one session of a call: what waits, what was taken, and which numbers were. */
final class Dialog {
  private final Bytes session;
  private final Outbox outbox = new Outbox();
  private final Inbox inbox = new Inbox();
  private final ReplayWindow window = new ReplayWindow();
  private long nextNumber;

  Dialog(Bytes session) {
    this.session = session;
  }

  Bytes session() {
    return session;
  }

  Outbox outbox() {
    return outbox;
  }

  Inbox inbox() {
    return inbox;
  }

  ReplayWindow window() {
    return window;
  }

  long takeNumber() {
    return nextNumber++;
  }
}

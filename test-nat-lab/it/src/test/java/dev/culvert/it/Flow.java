package dev.culvert.it;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Numbered datagrams that one of us sends until it is closed. A busy machine loses some, so nobody
 * waits for all of them.
 */
final class Flow implements AutoCloseable {
  static final int BYTES = 1200;
  static final int ENOUGH = 50;

  private static final long GAP = TimeUnit.MILLISECONDS.toNanos(5);

  private final OwnPeer peer;
  private final Thread thread = new Thread(this::send, "flow");
  private volatile boolean over;
  private volatile Optional<IOException> fault = Optional.empty();

  private Flow(OwnPeer peer) {
    this.peer = peer;
  }

  /** One that has not begun. */
  static Flow from(OwnPeer peer) {
    return new Flow(peer);
  }

  /** Sends from now on. */
  void begin() {
    thread.start();
  }

  private void send() {
    try {
      for (int i = 0; !over; i++) {
        peer.send(Numbered.datagram(i, BYTES));
        LockSupport.parkNanos(GAP);
      }
    } catch (IOException e) {
      fault = Optional.of(e);
    }
  }

  @Override
  public void close() throws IOException {
    over = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (fault.isPresent()) {
      throw fault.get();
    }
  }
}

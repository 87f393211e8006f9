package dev.culvert.peer;

import dev.culvert.identity.PeerId;
import dev.culvert.sansio.Bytes;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * An encrypted connection to a peer whose key was proven: QUIC (RFC 9000) with streams and
 * datagrams (RFC 9221) over whatever path there is, relayed or direct, while that changes below.
 *
 * <p>Safe for any thread; listeners are called on the event loop and must not block.
 */
public final class PeerConnection implements AutoCloseable {
  PeerConnection() {}

  /** Who is at the other end, proven by its key. */
  public PeerId peer() {
    throw new UnsupportedOperationException();
  }

  /** Whether this side called. */
  public boolean isCaller() {
    throw new UnsupportedOperationException();
  }

  /** The way that data goes at present; empty while there is none and another is looked for. */
  public Optional<PeerPath> path() {
    throw new UnsupportedOperationException();
  }

  /** QUIC's smoothed round trip; empty before it is known. */
  public Optional<Duration> roundTrip() {
    throw new UnsupportedOperationException();
  }

  /** What went over it so far. */
  public PeerStatistics statistics() {
    throw new UnsupportedOperationException();
  }

  /**
   * Opens a stream in both directions. The peer hears of it with its first byte.
   *
   * @return completes as soon as the peer allows one more, or exceptionally with a {@link
   *     PeerException}
   */
  public CompletableFuture<PeerStream> open() {
    throw new UnsupportedOperationException();
  }

  /**
   * Takes the streams that the peer opens from now on, and those that it has opened before, of
   * which 16 wait.
   */
  public void onStream(Consumer<? super PeerStream> taker) {
    throw new UnsupportedOperationException();
  }

  /** The most bytes of a datagram that the present path takes; at least 1,000. */
  public int maxDatagram() {
    throw new UnsupportedOperationException();
  }

  /**
   * Sends a datagram, which may be lost, doubled or overtaken (RFC 9221).
   *
   * @return false: it is too long, too much waits already or there is no connection; it is dropped
   */
  public boolean send(Bytes datagram) {
    throw new UnsupportedOperationException();
  }

  /** Takes the datagrams of the peer; what comes while nobody takes them is dropped. */
  public void onDatagram(Consumer<? super Bytes> taker) {
    throw new UnsupportedOperationException();
  }

  /** Tells what happens to it from now on, the present path first. */
  public void onEvent(Consumer<? super PeerEvent> listener) {
    throw new UnsupportedOperationException();
  }

  /** Completes once it is over, with the reason; never exceptionally. */
  public CompletableFuture<PeerEnd> over() {
    throw new UnsupportedOperationException();
  }

  /** Ends it, and tells the peer; what was not sent by then is lost. */
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}

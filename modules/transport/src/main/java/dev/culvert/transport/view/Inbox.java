package dev.culvert.transport.view;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.TransportAddress;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Datagrams between the event loop, which brings them, and threads that wait for them. */
final class Inbox {
  private static final int MOST_UNREAD = 1024;
  private static final int MOST_REFUSALS = 256;

  private final Queue<Datagram> unread = new ArrayDeque<>();
  private final Map<InetAddress, IOException> refusals = new LinkedHashMap<>();
  private @Nullable String end;

  /** A datagram and who sent it. */
  record Datagram(TransportAddress peer, Bytes data) {}

  /** Puts it in, unless there is no room. */
  synchronized boolean offer(Datagram datagram) {
    if (end != null || unread.size() >= MOST_UNREAD) {
      return false;
    }
    unread.add(datagram);
    notifyAll();
    return true;
  }

  /** Nothing comes any more; what is there can still be taken. */
  synchronized void end(String reason) {
    if (end == null) {
      end = reason;
      notifyAll();
    }
  }

  /** The socket was closed by its owner: nothing can be taken any more. */
  synchronized void close() {
    unread.clear();
    end("Socket closed");
  }

  /** Throws if there is an end. */
  synchronized void check() throws SocketException {
    if (end != null) {
      throw new SocketException(end);
    }
  }

  synchronized void refused(InetAddress ip, IOException why) {
    if (refusals.size() < MOST_REFUSALS) {
      refusals.put(ip, why);
    }
  }

  /** Why a peer was refused, told once; null if it did not. */
  synchronized @Nullable IOException takeRefusal(InetAddress ip) {
    return refusals.remove(ip);
  }

  /**
   * Waits for the next datagram from somebody who is wanted; those of others are thrown away.
   *
   * @param millis how long; 0 for ever
   */
  synchronized Datagram take(Predicate<TransportAddress> wanted, int millis) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (true) {
      for (Datagram next = unread.poll(); next != null; next = unread.poll()) {
        if (wanted.test(next.peer())) {
          return next;
        }
      }
      check();
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()) + 1;
      if (millis > 0 && left <= 0) {
        throw new SocketTimeoutException("nothing came within " + millis + " ms");
      }
      try {
        wait(millis > 0 ? left : 0);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while waiting for a datagram");
      }
    }
  }
}

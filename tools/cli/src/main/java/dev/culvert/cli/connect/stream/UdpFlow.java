package dev.culvert.cli.connect.stream;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** Datagrams between one socket and one stream. */
final class UdpFlow {
  /** What waits while the stream takes no more; beyond that they are dropped, as networks do. */
  private static final int MOST_WAITING = 64;

  private static final Duration IDLE = Duration.ofMinutes(2);
  private static final byte[] END = {};

  private final BlockingQueue<byte[]> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private final Sink sink;
  private final long idleNanos;
  private volatile long lastMoved = System.nanoTime();
  private volatile boolean over;

  /** Where what comes on the stream goes. */
  @FunctionalInterface
  interface Sink {
    void send(byte[] datagram) throws IOException;
  }

  UdpFlow(Sink sink) {
    this(sink, IDLE);
  }

  UdpFlow(Sink sink, Duration idle) {
    this.sink = sink;
    this.idleNanos = idle.toNanos();
  }

  /** Puts a datagram on the way to the stream; false if it is dropped. */
  boolean offer(byte[] datagram) {
    return !over && waiting.offer(datagram);
  }

  /** No more will come. */
  void end() {
    over = true;
    // If there is no room for it, whoever takes a datagram sees that it is over.
    boolean unused = waiting.offer(END);
  }

  /**
   * Carries them until the stream ends, nothing has gone either way for two minutes, or {@link
   * #end}.
   */
  void run(TwoWay stream) throws IOException {
    Threads.start("culvert-datagrams", () -> back(stream));
    try (stream) {
      while (!over) {
        long left = idleNanos - (System.nanoTime() - lastMoved);
        byte[] next = waiting.poll(Math.max(0, left), TimeUnit.NANOSECONDS);
        if (next == null) {
          over = System.nanoTime() - lastMoved >= idleNanos;
        } else if (next != END) {
          DatagramFrames.write(stream.output(), next, next.length);
          lastMoved = System.nanoTime();
        }
      }
      stream.output().close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      over = true;
    }
  }

  private void back(TwoWay stream) {
    try {
      for (Optional<byte[]> next = DatagramFrames.read(stream.input());
          next.isPresent();
          next = DatagramFrames.read(stream.input())) {
        lastMoved = System.nanoTime();
        send(next.get());
      }
    } catch (IOException e) {
      // The stream was cut off, which ends it just as well.
    } finally {
      end();
    }
  }

  /** Nobody hears of a datagram that could not be sent. */
  private void send(byte[] datagram) {
    try {
      sink.send(datagram);
    } catch (IOException e) {
      // Nobody listens there, or the socket is closed, which ends this elsewhere.
    }
  }
}

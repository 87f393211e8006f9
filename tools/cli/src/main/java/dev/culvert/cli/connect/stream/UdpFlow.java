package dev.culvert.cli.connect.stream;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** Datagrams between one socket and one stream, or beside it those that are short enough. */
final class UdpFlow {
  /** What waits while the stream takes no more; beyond that they are dropped, as networks do. */
  private static final int MOST_WAITING = 64;

  /** What came beside the stream and waits for a thread that may block. */
  private static final int MOST_ARRIVED = 256;

  private static final Duration IDLE = Duration.ofMinutes(2);
  private static final byte[] END = {};

  private final BlockingQueue<byte[]> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private final BlockingQueue<byte[]> arrived = new ArrayBlockingQueue<>(MOST_ARRIVED);
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

  /** Takes one that came beside the stream; without room it is lost, as on any network. */
  void arrived(byte[] datagram) {
    boolean unused = !over && arrived.offer(datagram);
  }

  /** No more will come. */
  void end() {
    over = true;
    // If there is no room for it, whoever takes a datagram sees that it is over.
    boolean unused = waiting.offer(END);
    boolean unusedToo = arrived.offer(END);
  }

  /**
   * Carries them until the stream ends, nothing has gone either way for two minutes, or {@link
   * #end}.
   *
   * @param beside for those that are short enough; empty if the other side takes none there
   */
  void run(TwoWay stream, Optional<FlowDatagrams.Flow> beside) throws IOException {
    Threads.start("culvert-datagrams", () -> back(stream));
    if (beside.isPresent()) {
      Threads.start("culvert-datagrams", this::deliver);
    }
    try (stream) {
      while (!over) {
        long left = idleNanos - (System.nanoTime() - lastMoved);
        byte[] next = waiting.poll(Math.max(0, left), TimeUnit.NANOSECONDS);
        if (next == null) {
          over = System.nanoTime() - lastMoved >= idleNanos;
        } else if (next != END) {
          int length = next.length;
          if (beside.filter(its -> its.fits(length)).isPresent()) {
            beside.get().send(next);
          } else {
            DatagramFrames.write(stream.output(), next, length);
          }
          lastMoved = System.nanoTime();
        }
      }
      stream.output().close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      over = true;
      boolean unused = arrived.offer(END);
    }
  }

  private void deliver() {
    try {
      while (!over) {
        byte[] next = arrived.take();
        if (next != END) {
          lastMoved = System.nanoTime();
          send(next);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
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

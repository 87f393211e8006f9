package dev.culvert.lab.wire;

import com.sun.jna.Memory;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;

/**
 * Carries frames between pairs of interfaces as the links between them are said to do. Its one
 * argument names a file with a line for each link: two interfaces, delay and jitter in nanoseconds,
 * loss, bits per second (0: any), seed.
 */
public final class Forwarder {
  private static final int POLL_ENTRY = 8;
  private static final short POLLIN = 1;
  private static final int NOTE = 10;
  private static final long MOST_WAITING_BYTES = 128L << 20;
  private static final long LONGEST_NAP = TimeUnit.SECONDS.toNanos(1);

  /** One frame on its way. */
  private static final class Frame implements Comparable<Frame> {
    final long due;
    final long order;
    final byte[] bytes;
    final Direction direction;
    final PacketSocket to;

    Frame(long due, long order, byte[] bytes, Direction direction, PacketSocket to) {
      this.due = due;
      this.order = order;
      this.bytes = bytes;
      this.direction = direction;
      this.to = to;
    }

    @Override
    public int compareTo(Frame other) {
      return due != other.due ? Long.signum(due - other.due) : Long.compare(order, other.order);
    }
  }

  private final List<PacketSocket> sockets = new ArrayList<>();
  private final List<Direction> directions = new ArrayList<>();
  private final PriorityQueue<Frame> waiting = new PriorityQueue<>();
  private long order;
  private long waitingBytes;

  private Forwarder(List<String> links) throws IOException {
    for (String link : links) {
      String[] words = link.split(" ", -1);
      sockets.add(new PacketSocket(words[0]));
      sockets.add(new PacketSocket(words[1]));
      long seed = Long.parseLong(words[6]);
      directions.add(direction(words, seed));
      directions.add(direction(words, ~seed));
    }
  }

  private static Direction direction(String[] words, long seed) {
    return new Direction(
        Long.parseLong(words[2]),
        Long.parseLong(words[3]),
        Double.parseDouble(words[4]),
        Long.parseLong(words[5]),
        seed);
  }

  /** Runs until it is killed; says {@code ready} once it carries frames. */
  public static void main(String[] arguments) throws IOException {
    Forwarder forwarder = new Forwarder(Files.readAllLines(Path.of(arguments[0])));
    System.out.println("ready");
    System.out.close();
    forwarder.run();
  }

  private void run() {
    int count = sockets.size();
    try (Memory polled = new Memory((long) count * POLL_ENTRY);
        Memory timeout = new Memory(2L * NativeLong.SIZE)) {
      for (int i = 0; i < count; i++) {
        polled.setInt((long) i * POLL_ENTRY, sockets.get(i).descriptor());
        polled.setShort((long) i * POLL_ENTRY + 4, POLLIN);
      }
      Pointer entries = Pointer.createConstant(count);
      while (true) {
        long nap = deliver();
        timeout.setNativeLong(0, new NativeLong(nap / 1_000_000_000L));
        timeout.setNativeLong(NativeLong.SIZE, new NativeLong(nap % 1_000_000_000L));
        int ready = Libc.ppoll(polled, entries, timeout, Pointer.NULL);
        for (int i = 0; i < count && ready > 0; i++) {
          if (polled.getShort((long) i * POLL_ENTRY + 6) != 0) {
            ready--;
            admit(i);
          }
        }
      }
    }
  }

  private void admit(int index) {
    Direction direction = directions.get(index);
    PacketSocket other = sockets.get(index ^ 1);
    long now = System.nanoTime();
    for (byte[] bytes : sockets.get(index).receive()) {
      if (waitingBytes > MOST_WAITING_BYTES) {
        return;
      }
      OptionalLong due = direction.admit(now, bytes.length - NOTE);
      if (due.isPresent()) {
        waiting.add(new Frame(due.getAsLong(), order++, bytes, direction, other));
        waitingBytes += bytes.length;
      }
    }
  }

  /** Sends what is due and returns the nanoseconds until more is. */
  private long deliver() {
    List<byte[]> run = new ArrayList<>();
    PacketSocket to = null;
    long now = System.nanoTime();
    Frame next = waiting.peek();
    while (next != null && next.due - now <= 0) {
      waiting.remove();
      waitingBytes -= next.bytes.length;
      next.direction.left();
      if (to != null && to != next.to) {
        to.send(run);
        run.clear();
      }
      to = next.to;
      run.add(next.bytes);
      next = waiting.peek();
    }
    if (to != null) {
      to.send(run);
    }
    return next == null ? LONGEST_NAP : Math.max(0, Math.min(LONGEST_NAP, next.due - now));
  }
}

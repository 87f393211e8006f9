package dev.culvert.lab.wire;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.PriorityQueue;

/** Carries frames between pairs of interfaces as the links between them are said to do. */
final class Forwarder {
  private static final long MOST_WAITING_BYTES = 128L << 20;

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

  /** One end of a link: what comes in there goes out at the other. */
  private final class End implements Source {
    private final PacketSocket socket;
    private final PacketSocket other;
    private Direction direction;

    End(PacketSocket socket, PacketSocket other, Direction direction) {
      this.socket = socket;
      this.other = other;
      this.direction = direction;
    }

    @Override
    public int descriptor() {
      return socket.descriptor();
    }

    @Override
    public void ready() {
      long now = System.nanoTime();
      for (byte[] bytes : socket.receive()) {
        if (waitingBytes > MOST_WAITING_BYTES) {
          return;
        }
        int length = bytes.length - PacketSocket.NOTE;
        OptionalLong due = direction.admit(now, length);
        if (due.isPresent()) {
          wait(due.getAsLong(), bytes);
          direction.admitAgain(now, length).ifPresent(again -> wait(again, bytes));
        }
      }
    }

    private void wait(long due, byte[] bytes) {
      waiting.add(new Frame(due, order++, bytes, direction, other));
      waitingBytes += bytes.length;
    }
  }

  private final Map<String, List<End>> links = new LinkedHashMap<>();
  private final PriorityQueue<Frame> waiting = new PriorityQueue<>();
  private long order;
  private long waitingBytes;

  /** Carries frames between two interfaces from now on, or in another way than before. */
  void link(String near, String far, Impairments link, long seed) throws IOException {
    Direction up = new Direction(link, seed);
    Direction down = new Direction(link, ~seed);
    List<End> ends = links.get(near);
    if (ends == null) {
      PacketSocket one = new PacketSocket(near, false);
      PacketSocket other = new PacketSocket(far, false);
      links.put(near, List.of(new End(one, other, up), new End(other, one, down)));
    } else {
      ends.get(0).direction = up;
      ends.get(1).direction = down;
    }
  }

  /**
   * Carries nothing any more; what is on its way is lost. Does nothing if there is no such link.
   */
  void unlink(String near) {
    List<End> ends = links.remove(near);
    if (ends != null) {
      for (End end : ends) {
        // Frames of an earlier direction of this link may wait as well.
        waiting.forEach(
            frame -> {
              if (frame.to == end.socket) {
                frame.direction.cut();
              }
            });
        end.socket.close();
      }
    }
  }

  /** Every end of every link. */
  Collection<Source> sources() {
    List<Source> sources = new ArrayList<>();
    links.values().forEach(sources::addAll);
    return sources;
  }

  /** Sends what is due and returns the nanoseconds until more is, at most {@code longest}. */
  long deliver(long longest) {
    List<byte[]> run = new ArrayList<>();
    PacketSocket to = null;
    long now = System.nanoTime();
    Frame next = waiting.peek();
    while (next != null && next.due - now <= 0) {
      waiting.remove();
      waitingBytes -= next.bytes.length;
      next.direction.left();
      if (!next.direction.isCut()) {
        if (to != null && to != next.to) {
          to.send(run);
          run.clear();
        }
        to = next.to;
        run.add(next.bytes);
      }
      next = waiting.peek();
    }
    if (to != null) {
      to.send(run);
    }
    return next == null ? longest : Math.max(0, Math.min(longest, next.due - now));
  }
}

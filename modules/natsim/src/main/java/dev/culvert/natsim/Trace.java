package dev.culvert.natsim;

import dev.culvert.natsim.Packet.Signal;
import dev.culvert.sansio.MonotonicTime;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;

/**
 * The last of what happened to packets, one line for each: time, where, which packet, and what
 * became of it there.
 */
public final class Trace implements Observer {
  private record Entry(MonotonicTime now, String where, Packet packet, String fate) {}

  private final ArrayDeque<Entry> entries = new ArrayDeque<>();
  private final int most;

  /** Keeps {@code most} lines; {@link World#observe} starts it. */
  public Trace(int most) {
    this.most = most;
  }

  @Override
  public void seen(MonotonicTime now, String where, Packet packet, String fate) {
    if (entries.size() == most) {
      entries.removeFirst();
    }
    entries.addLast(new Entry(now, where, packet, fate));
  }

  /** What it has kept, the oldest first. */
  public List<String> lines() {
    return entries.stream().map(Trace::line).toList();
  }

  private static String line(Entry entry) {
    return String.format(
        Locale.ROOT,
        "%13.6f %-12s %s: %s",
        entry.now.nanos() / 1e9,
        entry.where,
        text(entry.packet),
        entry.fate);
  }

  /** {@code #7 UDP 192.168.1.2:5000 > 203.0.113.10:3478 ttl 64, 20 bytes}. */
  static String text(Packet packet) {
    boolean data = packet.signal() == Signal.DATA;
    String words = packet.signal().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    return "#"
        + packet.tag().id()
        + " "
        + packet.protocol()
        + (data ? "" : " " + words)
        + " "
        + packet.source()
        + " > "
        + packet.destination()
        + " ttl "
        + packet.ttl()
        + (data ? ", " + packet.payload().length() + " bytes" : "")
        + (packet.isFragmented() ? " in " + packet.pieces() + " fragments" : "")
        + packet.about().map(about -> " about (" + text(about) + ")").orElse("");
  }
}

package dev.culvert.lab.junit;

import dev.culvert.natsim.Packet;
import dev.culvert.natsim.World;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/** The last things that happened to packets in the simulator. */
final class PacketTrace {
  private static final int MOST = 200;

  private final Deque<String> lines = new ArrayDeque<>();
  private long seen;

  private PacketTrace() {}

  static PacketTrace of(World world) {
    PacketTrace trace = new PacketTrace();
    world.observe((now, where, packet, fate) -> trace.add(now.nanos() / 1e9, where, packet, fate));
    return trace;
  }

  List<String> lines() {
    return List.copyOf(lines);
  }

  long seen() {
    return seen;
  }

  private void add(double seconds, String where, Packet packet, String fate) {
    seen++;
    if (lines.size() == MOST) {
      lines.remove();
    }
    lines.add(
        String.format(
            Locale.ROOT,
            "%12.6f %-12s %s %s > %s, %d bytes: %s",
            seconds,
            where,
            packet.protocol(),
            packet.source(),
            packet.destination(),
            packet.payload().length(),
            fate));
  }
}

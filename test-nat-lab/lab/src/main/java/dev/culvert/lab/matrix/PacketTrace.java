package dev.culvert.lab.matrix;

import dev.culvert.lab.world.LabWorld;
import dev.culvert.lab.world.SimWorld;
import dev.culvert.natsim.Packet;
import dev.culvert.sansio.MonotonicTime;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/** The fates of the last packets of a simulated world; of the kernel's nothing is known. */
final class PacketTrace {
  private static final int MOST = 60;

  private final Deque<String> lines = new ArrayDeque<>();

  /** A trace of what happens in {@code world} from now on. */
  static PacketTrace of(LabWorld world) {
    PacketTrace trace = new PacketTrace();
    if (world instanceof SimWorld sim) {
      sim.world().observe(trace::seen);
    }
    return trace;
  }

  private void seen(MonotonicTime now, String where, Packet packet, String fate) {
    if (lines.size() == MOST) {
      lines.removeFirst();
    }
    lines.addLast(
        String.format(
            Locale.ROOT,
            "%.3f %s: %s %s > %s: %s",
            now.nanos() / 1e9,
            where,
            packet.protocol(),
            packet.source(),
            packet.destination(),
            fate));
  }

  /** The lines, oldest first. */
  List<String> lines() {
    return List.copyOf(lines);
  }
}

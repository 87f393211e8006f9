package dev.culvert.lab.wire;

import com.sun.jna.Memory;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.util.List;

/** Waits for several sources at once. */
final class Poll {
  private static final int ENTRY = 8;
  private static final short POLLIN = 1;

  private final List<Source> sources;
  private final Memory polled;
  private final Memory timeout = new Memory(2L * NativeLong.SIZE);

  Poll(List<Source> sources) {
    this.sources = List.copyOf(sources);
    this.polled = new Memory(Math.max(1, sources.size()) * (long) ENTRY);
    polled.clear();
    for (int i = 0; i < sources.size(); i++) {
      polled.setInt((long) i * ENTRY, sources.get(i).descriptor());
      polled.setShort((long) i * ENTRY + 4, POLLIN);
    }
  }

  /** Waits at most so many nanoseconds and tells the sources that have something. */
  void await(long nanos) throws IOException {
    timeout.setNativeLong(0, new NativeLong(nanos / 1_000_000_000L));
    timeout.setNativeLong(NativeLong.SIZE, new NativeLong(nanos % 1_000_000_000L));
    Pointer count = Pointer.createConstant(sources.size());
    int ready = Libc.ppoll(polled, count, timeout, Pointer.NULL);
    for (int i = 0; i < sources.size() && ready > 0; i++) {
      if (polled.getShort((long) i * ENTRY + 6) != 0) {
        ready--;
        sources.get(i).ready();
      }
    }
  }
}

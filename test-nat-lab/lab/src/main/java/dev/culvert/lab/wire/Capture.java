package dev.culvert.lab.wire;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Writes what passes some interfaces of a namespace to a file. */
final class Capture {
  private final PcapFile file;
  private final List<Tap> taps = new ArrayList<>();

  /** One interface, both ways. */
  private final class Tap implements Source {
    private final PacketSocket socket;

    Tap(PacketSocket socket) {
      this.socket = socket;
    }

    @Override
    public int descriptor() {
      return socket.descriptor();
    }

    @Override
    public void ready() throws IOException {
      for (List<byte[]> some = socket.receive(); !some.isEmpty(); some = socket.receive()) {
        for (byte[] noted : some) {
          file.add(Instant.now(), noted);
        }
      }
    }
  }

  Capture(String path) throws IOException {
    file = new PcapFile(path);
  }

  /**
   * Takes what passes these, in the namespace that this thread is in, and nothing else any more.
   */
  void tap(List<String> devices) throws IOException {
    taps.forEach(tap -> tap.socket.close());
    taps.clear();
    for (String device : devices) {
      taps.add(new Tap(new PacketSocket(device, true)));
    }
  }

  List<Source> sources() {
    return List.copyOf(taps);
  }

  /** Writes what has come until now, and ends. */
  void finish() throws IOException {
    for (Tap tap : taps) {
      tap.ready();
    }
    file.close();
  }
}

package dev.culvert.lab.world;

import dev.culvert.lab.LabException;
import dev.culvert.natsim.Packet;
import dev.culvert.natsim.Pcap;
import dev.culvert.natsim.Tap;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.MonotonicTime;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes what crosses the line of one host or router to a file. */
final class SimCapture implements Tap {
  private final Path path;
  private final OutputStream out;
  private final Pcap pcap = new Pcap();
  private boolean closed;

  private SimCapture(Path path, OutputStream out) {
    this.path = path;
    this.out = out;
  }

  static SimCapture to(Path path) throws LabException {
    try {
      SimCapture capture =
          new SimCapture(path, new BufferedOutputStream(Files.newOutputStream(path)));
      capture.write(Pcap.header());
      return capture;
    } catch (IOException e) {
      throw new LabException("cannot write " + path + ": " + e);
    }
  }

  @Override
  public void crossed(MonotonicTime now, String where, Packet packet, boolean outgoing) {
    if (closed) {
      return;
    }
    try {
      write(pcap.records(now, packet));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + path, e);
    }
  }

  void close() throws LabException {
    closed = true;
    try {
      out.close();
    } catch (IOException e) {
      throw new LabException("cannot write " + path + ": " + e);
    }
  }

  private void write(Bytes bytes) throws IOException {
    out.write(bytes.toByteArray());
  }
}

package dev.culvert.lab.wire;

import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoField;

/**
 * A file of Ethernet frames in the format of libpcap; each frame is complete once it is written.
 */
final class PcapFile implements Closeable {
  private static final int MAGIC = 0xa1b2c3d4;
  private static final short MAJOR = 2;
  private static final short MINOR = 4;
  private static final int LARGEST = 262_144;
  private static final int ETHERNET = 1;
  private static final int RECORD_HEADER = 16;

  private final OutputStream out;

  PcapFile(String path) throws IOException {
    this(new FileOutputStream(path));
  }

  PcapFile(OutputStream out) throws IOException {
    this.out = out;
    ByteBuffer header = ByteBuffer.allocate(24);
    header.putInt(MAGIC).putShort(MAJOR).putShort(MINOR).putInt(0).putInt(0);
    header.putInt(LARGEST).putInt(ETHERNET);
    out.write(header.array());
  }

  /** Adds a frame as the kernel gave it, its note before it; an unfinished checksum is finished. */
  void add(Instant when, byte[] noted) throws IOException {
    Checksum.finish(noted);
    int length = noted.length - PacketSocket.NOTE;
    ByteBuffer entry = ByteBuffer.allocate(RECORD_HEADER + length);
    entry.putInt((int) when.getEpochSecond()).putInt(when.get(ChronoField.MICRO_OF_SECOND));
    entry.putInt(length).putInt(length);
    entry.put(noted, PacketSocket.NOTE, length);
    out.write(entry.array());
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}

package dev.culvert.natsim;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.TransportAddress;
import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.Map;

/**
 * Writes what a {@link Tap} sees in the format of pcap files, as raw IP (LINKTYPE_RAW), with all
 * headers and checksums as on a wire and times in nanoseconds since the world began. One for each
 * file.
 */
public final class Pcap {
  private static final int NANOSECOND_MAGIC = 0xa1b23c4d;
  private static final int SNAP_LENGTH = 0x40000;
  private static final int LINKTYPE_RAW = 101;
  private static final int SEGMENT = 1400;

  /** One direction of a connection. */
  private record Stream(TransportAddress from, TransportAddress to) {}

  private final Map<Stream, Long> next = new HashMap<>();
  private int identification;

  /** For a new file. */
  public Pcap() {}

  /** What a file begins with. */
  public static Bytes header() {
    WireBytes out = new WireBytes();
    out.int32(NANOSECOND_MAGIC).int16(2).int16(4).int32(0).int32(0);
    return out.int32(SNAP_LENGTH).int32(LINKTYPE_RAW).bytes();
  }

  /** What a file goes on with when {@code packet} crosses the line, one record or several. */
  public Bytes records(MonotonicTime now, Packet packet) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    if (packet.protocol() == Protocol.TCP) {
      segments(now, packet, all);
    } else {
      record(now, packet, 0, 0, all);
    }
    return Bytes.wrap(all.toByteArray());
  }

  /** The bytes of a stream are cut to what fits; its numbers begin at 0 on both sides. */
  private void segments(MonotonicTime now, Packet packet, ByteArrayOutputStream all) {
    Stream own = new Stream(packet.source(), packet.destination());
    long acknowledged = next.getOrDefault(new Stream(packet.destination(), packet.source()), 0L);
    Bytes payload = packet.signal() == Packet.Signal.DATA ? packet.payload() : Bytes.empty();
    boolean opens =
        packet.signal() == Packet.Signal.SYN || packet.signal() == Packet.Signal.SYN_ACK;
    long sequence = opens ? 0 : packet.tag().sequence() + 1;
    int at = 0;
    do {
      int end = Math.min(at + SEGMENT, payload.length());
      record(now, packet.carrying(payload.slice(at, end)), sequence + at, acknowledged, all);
      at = end;
    } while (at < payload.length());
    boolean counts = opens || packet.signal() == Packet.Signal.FIN;
    next.put(own, sequence + payload.length() + (counts ? 1 : 0));
  }

  private void record(
      MonotonicTime now,
      Packet packet,
      long sequence,
      long acknowledged,
      ByteArrayOutputStream all) {
    WireFormat format = new WireFormat(packet, sequence, acknowledged);
    for (Bytes one : format.packets(++identification)) {
      WireBytes out = new WireBytes();
      out.int32((int) (now.nanos() / 1_000_000_000L)).int32((int) (now.nanos() % 1_000_000_000L));
      out.int32(one.length()).int32(one.length()).append(one);
      byte[] bytes = out.bytes().toByteArray();
      all.write(bytes, 0, bytes.length);
    }
  }
}

package dev.culvert.transport;

import dev.culvert.stun.StunCodec;
import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who takes what some senders send to one socket, past the machine. */
final class Diversions {
  private final Map<InetSocketAddress, DatagramSink> sinks = new HashMap<>();
  private final List<DatagramSink> served = new ArrayList<>();
  private @Nullable DatagramSink last;

  void put(InetSocketAddress from, DatagramSink sink) {
    sinks.put(from, sink);
  }

  void remove(InetSocketAddress from, DatagramSink sink) {
    sinks.remove(from, sink);
  }

  void clear() {
    sinks.clear();
  }

  /** Whether a sink took it, and its reference. */
  boolean take(DatagramPacket packet) {
    if (sinks.isEmpty() || looksLikeStun(packet.content())) {
      return false;
    }
    DatagramSink sink = sinks.get(packet.sender());
    if (sink == null) {
      return false;
    }
    if (sink != last) {
      last = sink;
      served.add(sink);
    }
    // The packet has no other reference than its content's.
    sink.datagram(packet.content());
    return true;
  }

  /** As {@link StunCodec#looksLikeStun} tells it. */
  private static boolean looksLikeStun(ByteBuf data) {
    int start = data.readerIndex();
    return data.readableBytes() >= StunCodec.HEADER_LENGTH
        && (data.getByte(start) & 0xc0) == 0
        && data.getInt(start + 4) == StunCodec.MAGIC_COOKIE;
  }

  void readComplete() {
    last = null;
    for (int i = 0; i < served.size(); i++) {
      served.get(i).readComplete();
    }
    served.clear();
  }

  void writabilityChanged() {
    List.copyOf(sinks.values()).forEach(DatagramSink::writabilityChanged);
  }
}

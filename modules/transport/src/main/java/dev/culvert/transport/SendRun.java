package dev.culvert.transport;

import dev.culvert.sansio.Output;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;

/** Datagrams of a machine that wait to leave together, as {@link Segments}. */
final class SendRun {
  private final List<Output.Send> sends = new ArrayList<>();
  private int bytes;
  private boolean ended;

  boolean isEmpty() {
    return sends.isEmpty();
  }

  /** Whether it goes where the others go, and is as long as they are, or shorter and the last. */
  boolean takes(Output.Send send) {
    return sends.isEmpty()
        || (!ended
            && Segments.mayJoin(send.payload().length(), segment(), sends.size())
            && send.flow().equals(sends.get(0).flow()));
  }

  void add(Output.Send send) {
    ended = !sends.isEmpty() && send.payload().length() < segment();
    sends.add(send);
    bytes += send.payload().length();
  }

  /** How long all but the last are. */
  int segment() {
    return sends.get(0).payload().length();
  }

  Output.Send first() {
    return sends.get(0);
  }

  int count() {
    return sends.size();
  }

  /** All of them in one buffer. */
  ByteBuf joined(ByteBufAllocator allocator) {
    ByteBuf buffer = allocator.directBuffer(bytes);
    sends.forEach(each -> buffer.writeBytes(each.payload().asByteBuffer()));
    return buffer;
  }

  void clear() {
    sends.clear();
    bytes = 0;
    ended = false;
  }
}

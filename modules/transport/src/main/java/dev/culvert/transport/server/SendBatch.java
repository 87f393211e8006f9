package dev.culvert.transport.server;

import dev.culvert.sansio.Bytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.unix.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * What the sockets of one loop are about to send, by reference: addresses in memory that stays
 * until the flush. Equal datagrams of one socket to one target are sent in one call, which the
 * kernel cuts up again as late as it can (UDP segmentation offload). Belongs to one loop.
 */
final class SendBatch {
  /** Datagrams that one call may carry, a limit of the kernel's. */
  static final int MOST_SEGMENTS = 64;

  private static final int ROOM = 128;
  private static final int VECTOR = 16;
  private static final int STAGE = 128 << 10;

  /** Where datagrams begin, and the next of the same socket's. */
  final long[] addresses = new long[ROOM];

  final int[] next = new int[ROOM];
  final ServerCounts counts;
  private final NativeSender[] waiting = new NativeSender[ROOM];
  private final ByteBuffer vectors =
      ByteBuffer.allocateDirect(MOST_SEGMENTS * VECTOR).order(ByteOrder.nativeOrder());
  private final long vectorsAddress = Buffer.memoryAddress(vectors);
  private final boolean segments;
  private @Nullable ByteBuf stage;
  private long stageAddress;
  private int used;
  private int waitingCount;

  /**
   * Nothing waits.
   *
   * @param segments whether the kernel cuts datagrams
   */
  SendBatch(ServerCounts counts, boolean segments) {
    this.counts = counts;
    this.segments = segments && Buffer.addressSize() == 8;
  }

  boolean segments() {
    return segments;
  }

  /** A place for one datagram more. */
  int place(long address) {
    addresses[used] = address;
    return used++;
  }

  boolean isFull() {
    return used == ROOM;
  }

  void await(NativeSender sender) {
    waiting[waitingCount++] = sender;
  }

  /** The vectors that gather datagrams of {@code length} bytes, the last of {@code lastLength}. */
  long gather(int first, int count, int length, int lastLength) {
    int at = first;
    for (int i = 0; i < count; i++) {
      vectors.putLong(i * VECTOR, addresses[at]);
      vectors.putLong(i * VECTOR + 8, i == count - 1 ? lastLength : length);
      at = next[at];
    }
    return vectorsAddress;
  }

  /**
   * Copies bytes to memory that stays until the flush.
   *
   * @param header goes before them; 0: nothing does
   * @return the address
   */
  long stage(int header, ByteBuf data, int index, int length) {
    ByteBuf copies = staged(length + 4);
    int at = copies.writerIndex();
    if (header != 0) {
      copies.writeInt(header);
    }
    copies.writeBytes(data, index, length);
    return stageAddress + at;
  }

  /** The same for a message. */
  long stage(Bytes message) {
    ByteBuf copies = staged(message.length());
    int at = copies.writerIndex();
    copies.writeBytes(message.asByteBuffer());
    return stageAddress + at;
  }

  private ByteBuf staged(int room) {
    ByteBuf copies = stage;
    if (copies == null) {
      ByteBuffer memory = ByteBuffer.allocateDirect(STAGE);
      stageAddress = Buffer.memoryAddress(memory);
      copies = Unpooled.wrappedBuffer(memory).clear();
      stage = copies;
    }
    if (copies.writableBytes() < room) {
      flush();
    }
    return copies;
  }

  void flush() {
    for (int i = 0; i < waitingCount; i++) {
      waiting[i].flush();
    }
    waitingCount = 0;
    used = 0;
    if (stage != null) {
      stage.clear();
    }
  }
}

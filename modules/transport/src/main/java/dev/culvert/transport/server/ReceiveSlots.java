package dev.culvert.transport.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;

/**
 * The memory that one loop's sockets read their datagrams into, one socket after the other. Each
 * slot holds the longest datagram there is, and before each there is room for a header. Belongs to
 * one loop.
 *
 * <p>As an allocator it asks for few datagrams where few came lately: preparing a slot costs time.
 */
final class ReceiveSlots extends DefaultMaxMessagesRecvByteBufAllocator {
  /** Bytes before the first slot. */
  static final int HEAD = 64;

  /** The longest datagram, and a line of the cache so that slots begin in different sets. */
  static final int SLOT = (64 << 10) + 64;

  /** Datagrams that are read at once at most. */
  static final int MOST = 32;

  private static final int FEWEST = 4;

  private final ByteBuf memory;
  private final ByteBuf[] views;
  private final ByteBuf[] slots = new ByteBuf[MOST];

  ReceiveSlots() {
    super(1);
    // Pages that no datagram reaches are never touched.
    int size = HEAD + MOST * SLOT;
    memory = new UnpooledByteBufAllocator(true, true).directBuffer(size, size);
    for (int i = 0; i < MOST; i++) {
      slots[i] = memory.slice(HEAD + i * SLOT, SLOT - HEAD);
    }
    views = new ByteBuf[Integer.numberOfTrailingZeros(MOST / FEWEST) + 1];
    for (int i = 0; i < views.length; i++) {
      views[i] = memory.slice(0, HEAD + (FEWEST << i) * SLOT);
    }
  }

  /** Where in {@link #memory} the readable bytes of {@code data} begin; -1: elsewhere. */
  int indexOf(ByteBuf data) {
    if (!data.hasMemoryAddress() || !memory.hasMemoryAddress()) {
      return -1;
    }
    long index = data.memoryAddress() + data.readerIndex() - memory.memoryAddress();
    return index >= HEAD && index < memory.capacity() ? (int) index : -1;
  }

  /** All slots. */
  ByteBuf memory() {
    return memory;
  }

  /** One slot, for whoever reads a single datagram. */
  ByteBuf slot(int index) {
    return slots[index];
  }

  @Override
  public MaxMessageHandle newHandle() {
    return new Adapting();
  }

  /** One socket's. */
  private final class Adapting extends MaxMessageHandle {
    private int size;

    @Override
    public ByteBuf allocate(ByteBufAllocator otherwise) {
      ByteBuf view = views[size];
      if (view.refCnt() > 1) {
        ByteBuf fresh = otherwise.directBuffer(HEAD + FEWEST * SLOT, HEAD + FEWEST * SLOT);
        return fresh.setIndex(HEAD, HEAD);
      }
      return view.setIndex(HEAD, HEAD).retain();
    }

    @Override
    public int guess() {
      return (FEWEST << size) * SLOT;
    }

    @Override
    public void lastBytesRead(int bytes) {
      super.lastBytesRead(bytes);
      int slots = bytes / SLOT;
      if (slots == FEWEST << size && size < views.length - 1) {
        size++;
      } else if (4 * slots <= FEWEST << size && size > 0) {
        size--;
      }
    }
  }
}

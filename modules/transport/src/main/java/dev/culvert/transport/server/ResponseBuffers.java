package dev.culvert.transport.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;

/**
 * Direct buffers for responses, each taken again once the channel has sent what was in it: it keeps
 * one reference of its own to each, and one that nobody else has is free. Taking one costs less
 * than an allocator and its search for leaks. Belongs to one loop.
 */
final class ResponseBuffers {
  /** More responses than a loop has between two flushes, unless a socket takes none. */
  static final int COUNT = 64;

  /** Enough for every response that is not padded. */
  static final int ROOM = 512;

  private final ByteBuf[] buffers = new ByteBuf[COUNT];
  private int next;

  ResponseBuffers() {
    ByteBuffer memory = ByteBuffer.allocateDirect(COUNT * ROOM);
    for (int i = 0; i < COUNT; i++) {
      buffers[i] = Unpooled.wrappedBuffer(memory.slice(i * ROOM, ROOM));
    }
  }

  /**
   * An empty direct buffer, which whoever takes it releases.
   *
   * @param length bytes that will be written
   * @param otherwise makes one where the next of ours is too short or still in use
   */
  ByteBuf take(int length, ByteBufAllocator otherwise) {
    ByteBuf buffer = buffers[next];
    if (length > ROOM || buffer.refCnt() > 1) {
      return otherwise.directBuffer(length);
    }
    next = (next + 1) % COUNT;
    return buffer.clear().retain();
  }
}

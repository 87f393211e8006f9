package dev.culvert.lab.wire;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;

/** An array of {@code struct mmsghdr} with one buffer each, for recvmmsg and sendmmsg. */
final class MessageBatch {
  private static final int WORD = Native.POINTER_SIZE;
  private static final int HEADER = 8 * WORD;
  private static final int VECTOR = 2 * WORD;
  private static final int VECTOR_AT = 2 * WORD;
  private static final int VECTOR_COUNT_AT = 3 * WORD;
  private static final int LENGTH_AT = 7 * WORD;

  private final int capacity;
  private final int bufferSize;
  private final Memory headers;
  private final Memory vectors;
  private final Memory buffers;

  MessageBatch(int capacity, int bufferSize) {
    this.capacity = capacity;
    this.bufferSize = bufferSize;
    this.headers = new Memory((long) capacity * HEADER);
    this.vectors = new Memory((long) capacity * VECTOR);
    this.buffers = new Memory((long) capacity * bufferSize);
    headers.clear();
    for (int i = 0; i < capacity; i++) {
      vectors.setPointer((long) i * VECTOR, buffers.share((long) i * bufferSize));
      headers.setPointer((long) i * HEADER + VECTOR_AT, vectors.share((long) i * VECTOR));
      word(headers, (long) i * HEADER + VECTOR_COUNT_AT, 1);
    }
  }

  int capacity() {
    return capacity;
  }

  Pointer headers(int from) {
    return headers.share((long) from * HEADER);
  }

  /** Makes every buffer ready to be filled. */
  void clear() {
    for (int i = 0; i < capacity; i++) {
      word(vectors, (long) i * VECTOR + WORD, bufferSize);
    }
  }

  void put(int index, byte[] frame) {
    buffers.write((long) index * bufferSize, frame, 0, frame.length);
    word(vectors, (long) index * VECTOR + WORD, frame.length);
  }

  byte[] take(int index) {
    int length = headers.getInt((long) index * HEADER + LENGTH_AT);
    return buffers.getByteArray((long) index * bufferSize, Math.min(length, bufferSize));
  }

  private static void word(Memory memory, long at, long value) {
    if (WORD == Long.BYTES) {
      memory.setLong(at, value);
    } else {
      memory.setInt(at, (int) value);
    }
  }
}

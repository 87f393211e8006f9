package dev.culvert.transport.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ResponseBuffersTest {
  private static final UnpooledByteBufAllocator OTHERWISE = new UnpooledByteBufAllocator(true);

  private final ResponseBuffers buffers = new ResponseBuffers();

  private ByteBuf take(int length) {
    ByteBuf buffer = buffers.take(length, OTHERWISE);
    assertTrue(buffer.isDirect());
    assertEquals(0, buffer.readableBytes());
    buffer.writeZero(length);
    return buffer;
  }

  @Test
  void whatWasReleasedIsTakenAgain() {
    Set<ByteBuf> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int i = 0; i < 5 * ResponseBuffers.COUNT; i++) {
      ByteBuf buffer = take(56);
      seen.add(buffer);
      buffer.release();
    }
    assertEquals(ResponseBuffers.COUNT, seen.size());
  }

  @Test
  void noTwoHoldersShareABuffer() {
    Set<ByteBuf> held = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int i = 0; i < 3 * ResponseBuffers.COUNT; i++) {
      ByteBuf buffer = take(56);
      assertTrue(held.add(buffer));
      buffer.setInt(0, i);
    }
    Set<Integer> marks = new HashSet<>();
    held.forEach(buffer -> marks.add(buffer.getInt(0)));
    assertEquals(held.size(), marks.size());
    held.forEach(ByteBuf::release);
  }

  @Test
  void aLongResponseGetsABufferOfItsOwn() {
    ByteBuf one = take(ResponseBuffers.ROOM + 1);
    ByteBuf other = take(56);
    assertNotSame(one, other);
    assertTrue(one.release());
    other.release();
  }
}

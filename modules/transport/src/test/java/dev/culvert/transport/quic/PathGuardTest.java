package dev.culvert.transport.quic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.SegmentedDatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PathGuardTest {
  private static final InetSocketAddress PEER =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);
  private static final int SEGMENT = 5;
  private static final int COUNT = 20;
  private static final int LAST = 2;

  private final AtomicInteger left = new AtomicInteger();
  private final PathGuard guard = new PathGuard(left::incrementAndGet, () -> {});
  private final EmbeddedChannel channel = new EmbeddedChannel(guard);
  private final List<ByteBuf> made = new ArrayList<>();

  /** Twenty packets in one message; each of their bytes is the packet's number. */
  private DatagramPacket many() {
    ByteBuf data = Unpooled.buffer();
    for (int each = 0; each < COUNT; each++) {
      for (int i = 0; i < (each == COUNT - 1 ? LAST : SEGMENT); i++) {
        data.writeByte(each);
      }
    }
    made.add(data);
    return new SegmentedDatagramPacket(data, SEGMENT, PEER);
  }

  /** The next message out is this packet alone. */
  private void expect(int number) {
    DatagramPacket packet = channel.readOutbound();
    assertEquals(DatagramPacket.class, packet.getClass());
    assertEquals(PEER, packet.recipient());
    assertEquals(number == COUNT - 1 ? LAST : SEGMENT, packet.content().readableBytes());
    assertEquals(number, packet.content().getByte(packet.content().readerIndex()));
    packet.release();
  }

  @AfterEach
  void nothingIsKept() {
    channel.finishAndReleaseAll();
    made.forEach(each -> assertEquals(0, each.refCnt()));
  }

  @Test
  void countsAndRepeatsThePacketsInAMessage() {
    guard.pathChanged();
    DatagramPacket message = many();
    assertTrue(channel.writeOutbound(message));
    assertSame(message, channel.readOutbound());
    message.release();
    assertEquals(COUNT, guard.sentPackets());
    assertEquals((COUNT - 1) * SEGMENT + LAST, guard.sentBytes());
    assertEquals(COUNT, left.get());

    guard.pathChanged();
    for (int each = COUNT - 4; each < COUNT; each++) {
      expect(each);
    }
    assertNull(channel.readOutbound());
  }

  @Test
  void keepsTheNewestPacketsWhileThereIsNoPath() {
    channel.writeOutbound(new DatagramPacket(Unpooled.buffer().writeByte(99), PEER));
    channel.writeOutbound(many());
    assertNull(channel.readOutbound());
    assertEquals(1 + COUNT, guard.sentPackets());

    guard.pathChanged();
    for (int each = COUNT - 16; each < COUNT; each++) {
      expect(each);
    }
    assertNull(channel.readOutbound());

    guard.pathLost();
    channel.writeOutbound(many());
    assertNull(channel.readOutbound());
  }

  @Test
  void anEmptyPacketIsNone() {
    guard.pathChanged();
    DatagramPacket empty = new DatagramPacket(Unpooled.EMPTY_BUFFER, PEER);
    channel.writeOutbound(empty);
    assertSame(empty, channel.readOutbound());
    assertEquals(0, guard.sentPackets());
    assertEquals(0, left.get());
    guard.pathChanged();
    assertNull(channel.readOutbound());
  }
}

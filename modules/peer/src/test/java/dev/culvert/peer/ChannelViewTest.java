package dev.culvert.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.ice.IceEvent;
import dev.culvert.ice.IcePath;
import dev.culvert.ice.IceState;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.TransportAddress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A connection's path as a channel. */
class ChannelViewTest {

  /** Keeps what a channel says. */
  private static final class Ear extends ChannelInboundHandlerAdapter {
    final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    final BlockingQueue<Object> events = new LinkedBlockingQueue<>();
    final BlockingQueue<Boolean> turns = new LinkedBlockingQueue<>();

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ByteBuf buffer =
          message instanceof DatagramPacket packet ? packet.content() : (ByteBuf) message;
      heard.add(buffer.toString(StandardCharsets.UTF_8));
      buffer.release();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      turns.add(context.channel().isWritable());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      events.add(event);
    }
  }

  private static ByteBuf text(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
  }

  private static ChannelFuture write(Channel channel, Object message) {
    return channel.writeAndFlush(message).awaitUninterruptibly();
  }

  private static void run(Channel channel, Runnable action) {
    CompletableFuture.runAsync(action, channel.eventLoop()).join();
  }

  @Test
  void datagramsGoBothWaysAndNotToTheListener() {
    try (TwoPeers peers = new TwoPeers("127.0.0.1").connect()) {
      Ear atOne = new Ear();
      Ear atTwo = new Ear();
      Channel here = peers.one.connection.channel(atOne);
      Channel there = peers.two.connection.channel(atTwo);
      TwoPeers.settle(peers.one.connection);
      TwoPeers.settle(peers.two.connection);
      for (String each :
          new String[] {"a", "x".repeat(1200), "y".repeat(9000), "z".repeat(65_000)}) {
        assertTrue(write(here, text(each)).isSuccess());
        assertEquals(each, TwoPeers.next(atTwo.heard));
        assertTrue(write(there, text(each)).isSuccess());
        assertEquals(each, TwoPeers.next(atOne.heard));
      }
      assertTrue(here.isActive() && here.isWritable());
      assertTrue(peers.one.data.isEmpty() && peers.two.data.isEmpty());
      assertThrows(IllegalStateException.class, peers.one.connection::socket);
      assertEquals(0, peers.one.connection.dropped());
    }
  }

  @Test
  void packetsComeFromAndGoToOneConstantAddress() {
    try (TwoPeers peers = new TwoPeers("127.0.0.1").connect()) {
      Channel here = peers.one.connection.packetChannel(new Ear());
      InetSocketAddress peer = (InetSocketAddress) here.remoteAddress();
      BlockingQueue<DatagramPacket> heard = new LinkedBlockingQueue<>();
      Channel there =
          peers.two.connection.packetChannel(
              new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext context, Object message) {
                  heard.add((DatagramPacket) message);
                }
              });
      TwoPeers.settle(peers.two.connection);
      assertTrue(write(here, new DatagramPacket(text("hello"), peer)).isSuccess());
      DatagramPacket packet = TwoPeers.next(heard);
      assertEquals(there.remoteAddress(), packet.sender());
      assertEquals(there.localAddress(), packet.recipient());
      packet.release();
      assertEquals(peer.getAddress().getHostAddress(), peer.getHostName(), "no name is asked for");
      InetSocketAddress elsewhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);
      assertInstanceOf(
          IllegalArgumentException.class,
          write(here, new DatagramPacket(text("x"), elsewhere)).cause());
      assertInstanceOf(UnsupportedOperationException.class, write(here, "text").cause());
      assertInstanceOf(
          IllegalArgumentException.class,
          write(here, Unpooled.buffer(65_001).writeZero(65_001)).cause());
    }
  }

  @Test
  void withoutAPathWritesFailAndTheChannelTellsWhenThereIsOne() {
    try (TwoPeers peers = new TwoPeers("127.0.0.1")) {
      Ear ear = new Ear();
      Channel here = peers.one.connection.channel(ear);
      run(here, () -> {});
      assertFalse(here.isWritable());
      assertInstanceOf(NoPathException.class, write(here, text("early")).cause());
      peers.connect();
      while (!(TwoPeers.next(ear.events) instanceof IceEvent.PathChanged)) {}
      assertTrue(write(here, text("hello")).isSuccess());
      assertEquals(Bytes.utf8("hello"), TwoPeers.next(peers.two.data));
      peers.one.connection.close();
      here.closeFuture().awaitUninterruptibly();
      assertFalse(write(here, text("late")).isSuccess());
      Channel tooLate = peers.one.connection.channel(new Ear());
      assertFalse(tooLate.closeFuture().awaitUninterruptibly().channel().isOpen());
    }
  }

  @Test
  void aClosedChannelLeavesTheConnectionAndItsData() {
    try (TwoPeers peers = new TwoPeers("127.0.0.1").connect()) {
      peers.two.connection.channel(new Ear()).close().awaitUninterruptibly();
      peers.one.connection.send(Bytes.utf8("to the listener"));
      assertEquals(Bytes.utf8("to the listener"), TwoPeers.next(peers.two.data));
      Ear ear = new Ear();
      assertTrue(peers.two.connection.channel(ear).isOpen());
      TwoPeers.settle(peers.two.connection);
      peers.one.connection.send(Bytes.utf8("to the channel"));
      assertEquals("to the channel", TwoPeers.next(ear.heard));
    }
  }

  @Test
  void strangersAreNotHeard() throws Exception {
    try (TwoPeers peers = new TwoPeers("127.0.0.1").connect();
        DatagramSocket stranger = new DatagramSocket()) {
      Ear ear = new Ear();
      assertTrue(peers.two.connection.channel(ear).isOpen());
      TwoPeers.settle(peers.two.connection);
      Channel here = peers.one.connection.channel(new Ear());
      TransportAddress target = peers.one.connection.path().orElseThrow().flow().remote();
      for (int first = 0; first < 256; first += 4) {
        byte[] data = new byte[30];
        data[0] = (byte) first;
        stranger.send(new java.net.DatagramPacket(data, 30, target.toSocketAddress()));
      }
      assertTrue(write(here, text("the peer")).isSuccess());
      assertEquals("the peer", TwoPeers.next(ear.heard));
      assertTrue(ear.heard.isEmpty());
    }
  }

  @Test
  void theChannelStaysWhileThePathBelowGoesOver() {
    try (TwoPeers peers = new TwoPeers("127.0.0.1", "127.0.0.2").connect()) {
      Ear back = new Ear();
      Ear ear = new Ear();
      Channel here = peers.one.connection.channel(back);
      Channel there = peers.two.connection.channel(ear);
      TwoPeers.settle(peers.two.connection);
      InetSocketAddress address = (InetSocketAddress) here.remoteAddress();
      IcePath before = peers.one.connection.path().orElseThrow();
      String left = before.flow().local().ip().getHostAddress();
      String other = left.equals("127.0.0.1") ? "127.0.0.2" : "127.0.0.1";
      assertTrue(write(here, text("before")).isSuccess());
      assertEquals("before", TwoPeers.next(ear.heard));
      peers.one.stayOn(other);
      IcePath after = TwoPeers.next(peers.one.paths);
      while (after.flow().local().ip().getHostAddress().equals(left)) {
        after = TwoPeers.next(peers.one.paths);
      }
      while (ear.heard.isEmpty()) {
        assertTrue(write(here, text("after")).isDone());
      }
      assertEquals("after", TwoPeers.next(ear.heard));
      while (back.heard.isEmpty()) {
        assertTrue(write(there, text("back")).isDone());
      }
      assertSame(address, here.remoteAddress());
      assertTrue(here.isActive());
    }
  }

  @Test
  void whoDoesNotReadLosesDatagramsAndNotMemory() {
    try (TwoPeers peers = new TwoPeers("127.0.0.1").connect()) {
      Ear ear = new Ear();
      Channel here = peers.one.connection.channel(new Ear());
      Channel there = peers.two.connection.channel(ear);
      run(there, () -> there.config().setAutoRead(false));
      while (peers.two.connection.dropped() < 10) {
        assertTrue(write(here, text("hello")).isDone());
      }
      // Netty had asked for one read before.
      int before = ear.heard.size();
      run(there, there::read);
      run(there, () -> {});
      assertEquals(256, ear.heard.size() - before);
    }
  }

  @Test
  void aFullSocketHoldsWritersBackAndLosesNothingOfTheirs() {
    try (TwoPeers peers = new TwoPeers("127.0.0.1").connect()) {
      Ear ear = new Ear();
      Channel here = peers.one.connection.channel(ear);
      // Nothing can leave before the loop gets to it, which makes the queue below full.
      run(
          here,
          () -> {
            for (int i = 0; i < 100; i++) {
              ChannelFuture unused = here.write(Unpooled.buffer(9000).writeZero(9000));
            }
            assertFalse(here.isWritable());
            here.flush();
          });
      while (!TwoPeers.next(ear.turns)) {}
      assertTrue(write(here, text("room again")).isSuccess());
    }
  }

  @Test
  void aPeerThatIsGoneIsMissedThoughDataGoesPastTheSession() {
    try (TwoPeers peers = new TwoPeers("127.0.0.1").connect()) {
      Ear ear = new Ear();
      Channel here = peers.one.connection.channel(ear);
      peers.two.runtime.close();
      // Without data that is not answered it would take thirty seconds, when consent ends.
      IceState state = peers.one.connection.state();
      for (int i = 0; i < 10_000 && state != IceState.DISCONNECTED; i++) {
        assertTrue(write(here, text("hello?")).isDone());
        state = pollState(ear).orElse(state);
      }
      assertEquals(IceState.DISCONNECTED, state);
    }
  }

  private static Optional<IceState> pollState(Ear ear) {
    try {
      return Optional.ofNullable(ear.events.poll(2, TimeUnit.MILLISECONDS))
          .filter(IceEvent.StateChanged.class::isInstance)
          .map(event -> ((IceEvent.StateChanged) event).state());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void everyBufferIsGivenBackWhateverBecomesOfIt() {
    List<ByteBuf> written = new ArrayList<>();
    Channel here;
    try (TwoPeers peers = new TwoPeers("127.0.0.1").connect()) {
      here = peers.one.connection.channel(new Ear());
      Channel there = peers.two.connection.channel(new Ear());
      run(there, () -> there.config().setAutoRead(false));
      while (peers.two.connection.dropped() == 0) {
        written.add(text("read, kept or dropped"));
        assertTrue(write(here, written.get(written.size() - 1)).isSuccess());
      }
      run(
          here,
          () -> {
            for (int i = 0; i < 500; i++) {
              ByteBuf buffer = Unpooled.buffer(9000).writeZero(9000);
              written.add(buffer);
              ChannelFuture unused = here.write(buffer);
            }
            // With most of them on their way or in the queue.
            here.flush();
            peers.one.connection.close();
          });
    }
    ByteBuf late = text("late");
    written.add(late);
    assertFalse(write(here, late).isSuccess());
    for (ByteBuf each : written) {
      assertEquals(0, each.refCnt());
    }
  }
}

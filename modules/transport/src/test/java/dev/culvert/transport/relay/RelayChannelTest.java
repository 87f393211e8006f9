package dev.culvert.transport.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.turn.client.TurnClient;
import dev.culvert.turn.client.TurnClientConfig;
import dev.culvert.turn.client.TurnClientEvent;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The path to one peer as a channel. */
class RelayChannelTest {
  private final LocalRelay relay = new LocalRelay();

  @AfterEach
  void close() {
    relay.close();
  }

  /** Keeps what a channel says. */
  private static final class Ear extends ChannelInboundHandlerAdapter {
    final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();
    final CompletableFuture<Throwable> failure = new CompletableFuture<>();

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      assertTrue(context.channel().eventLoop().inEventLoop());
      ByteBuf buffer = (ByteBuf) message;
      heard.add(buffer.toString(StandardCharsets.UTF_8));
      buffer.release();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      heard.add(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      failure.complete(cause);
    }
  }

  private static Ear listen(Channel channel) {
    Ear ear = new Ear();
    channel.pipeline().addLast(ear);
    return ear;
  }

  private static ChannelFuture write(Channel channel, String text) {
    ChannelFuture written =
        channel.writeAndFlush(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
    assertTrue(written.awaitUninterruptibly(20, TimeUnit.SECONDS));
    return written;
  }

  private static void say(Channel channel, String text) {
    assertTrue(write(channel, text).isDone());
  }

  private static void run(Channel channel, Runnable action) {
    LocalRelay.get(CompletableFuture.runAsync(action, channel.eventLoop()));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "WEBSOCKET")
  void twoChannelsTalkThroughOneRelay(Transport transport) {
    try (RelayAllocation one = relay.open(transport);
        RelayAllocation two = relay.open(Transport.UDP)) {
      LocalRelay.get(two.permit(one.relayed()));
      Channel there = one.channel(two.relayed());
      Channel back = two.channel(one.relayed());
      Ear atOne = listen(there);
      Ear atTwo = listen(back);
      for (String text : new String[] {"hello", "x".repeat(relay.shortest()), "x".repeat(1200)}) {
        assertTrue(write(there, text).isSuccess());
        assertEquals(text, LocalRelay.take(atTwo.heard));
        assertTrue(write(back, text).isSuccess());
        assertEquals(text, LocalRelay.take(atOne.heard));
      }
      assertTrue(there.isActive() && there.isWritable());
      assertEquals(one.relayed().toSocketAddress(), there.localAddress());
      assertEquals(two.relayed().toSocketAddress(), there.remoteAddress());
      assertSame(one.loop(), there.eventLoop());
      assertThrows(IllegalStateException.class, () -> one.channel(two.relayed()));
    }
  }

  @Test
  void closingAChannelLeavesTheAllocation() {
    try (RelayAllocation one = relay.open(Transport.UDP);
        RelayAllocation two = relay.open(Transport.UDP)) {
      // Else what the one says could overtake the other's request that permits it.
      LocalRelay.get(two.permit(one.relayed()));
      Channel there = one.channel(two.relayed());
      Channel back = two.channel(one.relayed());
      Ear atTwo = listen(back);
      say(there, "hello");
      assertEquals("hello", LocalRelay.take(atTwo.heard));
      there.close().awaitUninterruptibly();
      assertFalse(there.isOpen());
      assertFalse(write(there, "too late").isSuccess());
      assertFalse(one.ended().isDone());
      Channel again = one.channel(two.relayed());
      say(again, "again");
      assertEquals("again", LocalRelay.take(atTwo.heard));
    }
  }

  @Test
  void whatIsNoDatagramIsNotWritten() {
    try (RelayAllocation allocation = relay.open(Transport.UDP)) {
      Channel channel = allocation.channel(allocation.relayed());
      ChannelFuture text = channel.writeAndFlush("text").awaitUninterruptibly();
      assertInstanceOf(UnsupportedOperationException.class, text.cause());
      ByteBuf huge = Unpooled.buffer(TurnClient.MOST_DATA + 1).writeZero(TurnClient.MOST_DATA + 1);
      ChannelFuture tooLong = channel.writeAndFlush(huge).awaitUninterruptibly();
      assertInstanceOf(IllegalArgumentException.class, tooLong.cause());
      assertEquals(0, huge.refCnt());
      ChannelFuture elsewhere =
          channel.connect(allocation.relayed().toSocketAddress()).awaitUninterruptibly();
      assertFalse(elsewhere.isSuccess());
      assertFalse(
          channel.bind(allocation.relayed().toSocketAddress()).awaitUninterruptibly().isSuccess());
    }
  }

  @Test
  void aPeerThatTheRelayForbidsFailsWrites() {
    try (RelayAllocation allocation = relay.open(Transport.UDP)) {
      Channel channel = allocation.channel(new TransportAddress(LocalRelay.ip("10.1.2.3"), 1));
      Ear ear = listen(channel);
      TurnClientEvent.PeerRefused refused = null;
      long begin = System.nanoTime();
      while (refused == null && System.nanoTime() - begin < Duration.ofSeconds(20).toNanos()) {
        say(channel, "hello");
        refused = (TurnClientEvent.PeerRefused) ear.heard.poll();
      }
      assertEquals(403, refused == null ? 0 : refused.code());
      RelayException why = (RelayException) write(channel, "hello again").cause();
      assertEquals(403, why.code());
      assertTrue(channel.isOpen(), "the relay may change its mind");
    }
  }

  @Test
  void lossClosesAChannelAndSaysWhy() {
    TurnClientConfig hasty = relay.config(Transport.TCP).withKeepalive(Duration.ofSeconds(1));
    try (RelayAllocation allocation = LocalRelay.get(RelayAllocation.open(relay.runtime, hasty))) {
      Channel channel = allocation.channel(allocation.relayed());
      Ear ear = listen(channel);
      say(channel, "hello");
      relay.server.close();
      assertTrue(channel.closeFuture().awaitUninterruptibly(20, TimeUnit.SECONDS));
      assertInstanceOf(RelayException.class, LocalRelay.get(ear.failure));
      Throwable late = write(channel, "too late").cause();
      assertInstanceOf(java.nio.channels.ClosedChannelException.class, late);
      assertInstanceOf(RelayException.class, late.getCause());
      assertTrue(ear.heard.stream().anyMatch(TurnClientEvent.Lost.class::isInstance));
      Channel tooLate = allocation.channel(allocation.relayed());
      assertTrue(tooLate.closeFuture().awaitUninterruptibly(20, TimeUnit.SECONDS));
    }
  }

  @Test
  void aChannelSurvivesALossThatAnotherAllocationFollows() {
    TurnClientConfig again =
        relay.config(Transport.UDP).withKeepalive(Duration.ofSeconds(1)).withReallocation();
    try (RelayAllocation one = LocalRelay.get(RelayAllocation.open(relay.runtime, again));
        RelayAllocation two = relay.open(Transport.UDP)) {
      Channel there = one.channel(two.relayed());
      Ear ear = listen(there);
      say(there, "hello");
      LocalRelay.get(two.permit(one.relayed()));
      Channel back = two.channel(one.relayed());
      relay.dropAllocationsBut(two.relayed());
      Object event = LocalRelay.take(ear.heard);
      assertInstanceOf(TurnClientEvent.Lost.class, event);
      run(
          there,
          () -> {
            if (!there.isWritable()) {
              Throwable cause = there.writeAndFlush(Unpooled.buffer(1)).cause();
              assertInstanceOf(RelayException.class, cause);
            }
          });
      TurnClientEvent.Allocated next = (TurnClientEvent.Allocated) LocalRelay.take(ear.heard);
      assertEquals(next.relayed().get(0).toSocketAddress(), there.localAddress());
      assertNull(write(there, "from another address").cause());
      back.close().awaitUninterruptibly();
      Ear atTwo = listen(two.channel(next.relayed().get(0)));
      for (int i = 0; atTwo.heard.isEmpty(); i++) {
        assertNull(write(there, "again " + i).cause());
      }
      assertTrue(LocalRelay.take(atTwo.heard).toString().matches("again .*|from another address"));
    }
  }

  @Test
  void whoDoesNotReadLosesDatagramsAndNotMemory() {
    try (RelayAllocation one = relay.open(Transport.UDP);
        RelayAllocation two = relay.open(Transport.UDP)) {
      Channel there = one.channel(two.relayed());
      Channel back = two.channel(one.relayed());
      say(back, "opens the way");
      run(back, () -> back.config().setAutoRead(false));
      Ear ear = listen(back);
      while (two.dropped() < 10) {
        say(there, "hello");
      }
      // Netty had asked for one read before.
      int before = ear.heard.size();
      run(back, back::read);
      run(back, () -> {});
      assertEquals(256, ear.heard.size() - before);
    }
  }

  @Test
  void aFullConnectionHoldsWritersBack() {
    try (RelayAllocation one = relay.open(Transport.TCP);
        RelayAllocation two = relay.open(Transport.UDP)) {
      Channel there = one.channel(two.relayed());
      BlockingQueue<Boolean> turns = new LinkedBlockingQueue<>();
      there
          .pipeline()
          .addLast(
              new ChannelInboundHandlerAdapter() {
                @Override
                public void channelWritabilityChanged(ChannelHandlerContext context) {
                  turns.add(context.channel().isWritable());
                }
              });
      one.loop().execute(() -> one.views().setWritable(false));
      assertFalse(LocalRelay.take(turns));
      ChannelFuture waiting =
          there.writeAndFlush(Unpooled.copiedBuffer("wait", StandardCharsets.UTF_8));
      run(there, () -> {});
      assertFalse(waiting.isDone());
      one.loop().execute(() -> one.views().setWritable(true));
      assertTrue(LocalRelay.take(turns));
      assertTrue(waiting.awaitUninterruptibly(20, TimeUnit.SECONDS));
      assertTrue(waiting.isSuccess());
    }
  }
}

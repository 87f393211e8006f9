package dev.culvert.transport.quic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.identity.CertifiedKey;
import dev.culvert.identity.PeerCertificates;
import dev.culvert.identity.PeerKey;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class QuicLinkTest {
  private static final int MUCH = 4 << 20;

  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Line line = Line.pair(loops.next());
  private final End here = new End();
  private final End there = new End();
  private final QuicLink caller = endpoint().link(true, any -> true, here);
  private volatile long untilReady;
  private volatile long untilCalledReady;
  private final QuicLink called = endpoint().link(false, any -> true, there);

  private static QuicEndpoint endpoint() {
    SecureRandom random = new SecureRandom();
    CertifiedKey key =
        PeerCertificates.selfMade(
            PeerKey.generate(random), Instant.EPOCH, Instant.parse("9999-12-31T23:59:59Z"), random);
    return new QuicEndpoint(new QuicIdentity(key.privateKey(), key.certificate()));
  }

  /** What one side hears, and all that its streams bring. */
  private static final class End implements QuicListener {
    final CompletableFuture<Void> ready = new CompletableFuture<>();
    final CompletableFuture<QuicEnd> over = new CompletableFuture<>();
    final CompletableFuture<byte[]> all = new CompletableFuture<>();
    private final ByteBuf got = Unpooled.buffer();
    private Runnable half = () -> {};
    private Runnable proven = () -> {};

    @Override
    public void ready() {
      proven.run();
      ready.complete(null);
    }

    @Override
    public void stream(QuicStream stream) {
      stream
          .channel()
          .pipeline()
          .addLast(
              new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext context, Object message) {
                  take((ByteBuf) message);
                }
              });
      stream.channel().config().setAutoRead(true);
    }

    private void take(ByteBuf data) {
      boolean before = got.readableBytes() < MUCH / 2;
      got.writeBytes(data);
      data.release();
      if (before && got.readableBytes() >= MUCH / 2) {
        half.run();
      }
      if (got.readableBytes() == MUCH) {
        byte[] bytes = new byte[MUCH];
        got.readBytes(bytes).release();
        all.complete(bytes);
      }
    }

    @Override
    public void datagram(ByteBuf data) {}

    @Override
    public void silent() {}

    @Override
    public void over(QuicEnd end) {
      over.complete(end);
    }
  }

  private <T> T onLoop(Callable<T> action) throws Exception {
    return line.loop().submit(action).get(60, TimeUnit.SECONDS);
  }

  private static <T> T within(CompletableFuture<T> future) throws Exception {
    return future.get(60, TimeUnit.SECONDS);
  }

  @BeforeEach
  void connect() throws Exception {
    line.channel.pipeline().addLast(caller.handler());
    line.peer().channel.pipeline().addLast(called.handler());
    line.channel.begin();
    line.peer().channel.begin();
    onLoop(
        () -> {
          line.joins = true;
          here.proven = () -> untilReady = caller.counts().join().receivedPackets();
          there.proven = () -> untilCalledReady = called.counts().join().receivedPackets();
          called.pathChanged();
          caller.pathChanged();
          return true;
        });
    within(here.ready);
    within(there.ready);
  }

  @AfterEach
  void stop() {
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private byte[] sendMuch() throws Exception {
    byte[] much = new byte[MUCH];
    new Random(1).nextBytes(much);
    QuicStream stream = within(caller.open());
    ChannelFuture unused = stream.channel().writeAndFlush(Unpooled.wrappedBuffer(much));
    return much;
  }

  /** The library itself would see it with the next packet, which comes a round trip later. */
  @Test
  void bothAreReadyWithTheLastPacketOfTheHandshake() {
    assertEquals(1, untilReady);
    assertEquals(3, untilCalledReady);
  }

  @Test
  void packetsOfOneMessageAreCountedOneByOne() throws Exception {
    byte[] much = sendMuch();
    assertArrayEquals(much, within(there.all));
    assertTrue(onLoop(() -> line.together) > 0);
    assertTrue(onLoop(() -> caller.counts().join().sentPackets() == line.packets));
    assertEquals(0, onLoop(() -> line.peer().together));
  }

  @Test
  void aStreamOutlivesAPathThatGoesAndOneThatTakesPacketsOneByOne() throws Exception {
    CompletableFuture<Void> gone = new CompletableFuture<>();
    there.half =
        () -> {
          lose();
          gone.complete(null);
        };
    byte[] much = sendMuch();
    within(gone);
    int together =
        onLoop(
            () -> {
              set(true);
              line.joins = false;
              called.pathChanged();
              caller.pathChanged();
              return line.together;
            });
    assertTrue(together > 0);
    assertArrayEquals(much, within(there.all));
    assertEquals(together, onLoop(() -> line.together));
  }

  private void lose() {
    caller.pathLost();
    called.pathLost();
    set(false);
  }

  private void set(boolean up) {
    line.up = up;
    line.peer().up = up;
    line.channel.changed();
    line.peer().channel.changed();
  }

  @Test
  void theEndIsToldOverAPathOfSegments() throws Exception {
    caller.close(7, "enough");
    QuicEnd end = within(there.over);
    assertEquals(QuicEnd.Kind.PEER_CLOSED, end.kind());
    assertEquals(7, end.code());
    assertEquals("enough", end.words());
    assertEquals(QuicEnd.Kind.CLOSED, within(here.over).kind());
    line.peer().channel.closeFuture().get(60, TimeUnit.SECONDS);
    assertTrue(onLoop(() -> line.closed && line.peer().closed));
  }
}

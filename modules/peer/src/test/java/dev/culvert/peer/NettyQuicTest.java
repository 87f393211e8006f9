package dev.culvert.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.culvert.ice.IcePath;
import dev.culvert.identity.CertificateSpec;
import dev.culvert.identity.Certificates;
import dev.culvert.identity.CertifiedKey;
import dev.culvert.identity.Keys;
import dev.culvert.sansio.TransportAddress;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicServerCodecBuilder;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

/** Netty's QUIC codec on paths that are channels of packets. */
class NettyQuicTest {
  private static final String PROTOCOL = "culvert-test";
  private static final int PIECE = 1 << 15;
  private static final int PIECES = 96;

  /** These wait until the path has gone over. */
  private static final int LAST = 16;

  private static final int WINDOW = 1 << 20;

  /** What one side writes, or the other reads: so many pieces of noise, and their checksum. */
  private static final class Noise {
    final Random random = new Random(1);
    final CRC32 sum = new CRC32();
    int pieces;

    byte[] next() {
      byte[] piece = new byte[PIECE];
      random.nextBytes(piece);
      sum.update(piece);
      pieces++;
      return piece;
    }
  }

  /** Reads until everything came; half of it is told, too. */
  private static final class Reading extends ChannelInboundHandlerAdapter {
    final CompletableFuture<Void> half = new CompletableFuture<>();
    final CompletableFuture<Long> whole = new CompletableFuture<>();
    private final CRC32 sum = new CRC32();
    private long read;

    @Override
    public boolean isSharable() {
      return true;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ByteBuf data = (ByteBuf) message;
      read += data.readableBytes();
      sum.update(data.nioBuffer());
      data.release();
      if (read >= (long) PIECE * PIECES / 2) {
        half.complete(null);
      }
      if (read == (long) PIECE * PIECES) {
        whole.complete(sum.getValue());
      }
    }
  }

  /** Writes as fast as the stream takes it. */
  private static final class Writing extends ChannelInboundHandlerAdapter {
    final Noise noise = new Noise();
    private int most = PIECES - LAST;

    void writeRest(ChannelHandlerContext context) {
      most = PIECES;
      write(context);
    }

    private void write(ChannelHandlerContext context) {
      while (noise.pieces < most && context.channel().isWritable()) {
        ByteBuf piece = context.alloc().directBuffer(PIECE);
        ChannelFuture unused = context.write(piece.writeBytes(noise.next()));
      }
      context.flush();
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      write(context);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      write(context);
    }
  }

  private static ChannelHandler server(Reading reading) throws Exception {
    SecureRandom random = new SecureRandom();
    Instant now = Instant.now();
    Duration day = Duration.ofDays(1);
    CertificateSpec spec =
        new CertificateSpec(
            List.of("peer.example"), List.of(), now.minus(day), now.plus(day), false);
    CertifiedKey key = Certificates.selfMade(Keys.generateP256(random), spec, random);
    QuicSslContext tls =
        QuicSslContextBuilder.forServer(
                key.privateKey(), null, key.chain().toArray(X509Certificate[]::new))
            .applicationProtocols(PROTOCOL)
            .build();
    return new QuicServerCodecBuilder()
        .sslContext(tls)
        .maxIdleTimeout(20, TimeUnit.SECONDS)
        .initialMaxData(WINDOW)
        .initialMaxStreamDataBidirectionalRemote(WINDOW)
        .initialMaxStreamsBidirectional(1)
        // ICE has proven that the peer is where it says.
        .tokenHandler(null)
        .streamHandler(reading)
        .build();
  }

  private static ChannelHandler client() {
    QuicSslContext tls =
        QuicSslContextBuilder.forClient()
            .trustManager(InsecureTrustManagerFactory.INSTANCE)
            .applicationProtocols(PROTOCOL)
            .build();
    return new QuicClientCodecBuilder()
        .sslContext(tls)
        .maxIdleTimeout(20, TimeUnit.SECONDS)
        .initialMaxData(WINDOW)
        .initialMaxStreamDataBidirectionalLocal(WINDOW)
        .build();
  }

  @Test
  void aStreamGoesOnWhileThePathBelowGoesOver() throws Exception {
    try (TwoPeers peers = new TwoPeers("127.0.0.1", "127.0.0.2").connect()) {
      Reading reading = new Reading();
      Writing writing = new Writing();
      assertEquals(
          peers.two.connection.packetChannel(server(reading)).eventLoop(),
          peers.two.engine.driver().loop());
      Channel below = peers.one.connection.packetChannel(client());
      QuicChannel quic =
          QuicChannel.newBootstrap(below)
              .handler(new ChannelInboundHandlerAdapter())
              .remoteAddress(below.remoteAddress())
              .connect()
              .get(60, TimeUnit.SECONDS);
      QuicStreamChannel stream =
          quic.createStream(QuicStreamType.BIDIRECTIONAL, writing).get(60, TimeUnit.SECONDS);
      reading.half.get(60, TimeUnit.SECONDS);
      TransportAddress before = local(peers.one.connection.path().orElseThrow());
      peers.one.stayOn(
          before.ip().getHostAddress().equals("127.0.0.1") ? "127.0.0.2" : "127.0.0.1");
      while (local(TwoPeers.next(peers.one.paths)).ip().equals(before.ip())) {}
      stream.eventLoop().execute(() -> writing.writeRest(stream.pipeline().context(writing)));
      long sum = reading.whole.get(120, TimeUnit.SECONDS);
      assertEquals(writing.noise.sum.getValue(), sum);
      assertEquals(stream.parent(), quic);
      quic.close().awaitUninterruptibly();
    }
  }

  private static TransportAddress local(IcePath path) {
    return path.flow().local();
  }
}

package dev.culvert.bench.quic;

import dev.culvert.identity.CertifiedKey;
import dev.culvert.identity.PeerCertificates;
import dev.culvert.identity.PeerKey;
import dev.culvert.transport.quic.QuicEndpoint;
import dev.culvert.transport.quic.terms.OneKey;
import dev.culvert.transport.quic.terms.QuicTerms;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.handler.codec.quic.EpollQuicUtils;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicChannelOption;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicServerCodecBuilder;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.handler.codec.quic.SegmentedDatagramPacketAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * QUIC as Netty has it, on one UDP socket of an epoll loop, on the {@link QuicTerms} of ours, with
 * an Ed25519 certificate on both sides, which here nobody checks.
 */
final class BareQuic {
  private static final int MOST_SEGMENTS = 32;
  private static final ChannelOption<SegmentedDatagramPacketAllocator> SEGMENTS =
      QuicChannelOption.SEGMENTED_DATAGRAM_PACKET_ALLOCATOR;

  /** What {@code recvmmsg} takes at once, in buffers of 2,048 bytes. */
  private static final int RECEIVED_AT_ONCE = 1 << 16;

  private final boolean batches;

  /**
   * Not yet open.
   *
   * @param batches whether it has the kernel cut long buffers into packets (UDP GSO) and takes many
   *     packets with one call, as {@code culvert} does
   */
  BareQuic(boolean batches) {
    this.batches = batches;
  }

  /** Waits for a connection, and for its first stream; tells where. */
  InetSocketAddress listen(Bulk bulk) throws Exception {
    ChannelHandler codec =
        QuicTerms.set(new QuicServerCodecBuilder())
            .sslContext(context(true))
            .tokenHandler(null)
            .handler(new ChannelInboundHandlerAdapter())
            .option(SEGMENTS, segments())
            .streamHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel stream) {
                    bulk.attach(stream);
                  }
                })
            .build();
    return (InetSocketAddress) bind(codec).localAddress();
  }

  /** Connects, and opens a stream. */
  void call(InetSocketAddress to, Bulk bulk) throws Exception {
    Channel socket =
        bind(QuicTerms.set(new QuicClientCodecBuilder()).sslContext(context(false)).build());
    QuicChannel connection =
        QuicChannel.newBootstrap(socket)
            .option(SEGMENTS, segments())
            .handler(new ChannelInboundHandlerAdapter())
            .streamHandler(new ChannelInboundHandlerAdapter())
            .remoteAddress((SocketAddress) to)
            .connect()
            .get(QuicSpeed.PATIENCE_SECONDS, TimeUnit.SECONDS);
    bulk.attach(
        connection
            .createStream(QuicStreamType.BIDIRECTIONAL, new ChannelInboundHandlerAdapter())
            .get(QuicSpeed.PATIENCE_SECONDS, TimeUnit.SECONDS));
  }

  private SegmentedDatagramPacketAllocator segments() {
    return batches
        ? EpollQuicUtils.newSegmentedAllocator(MOST_SEGMENTS)
        : SegmentedDatagramPacketAllocator.NONE;
  }

  private static QuicSslContext context(boolean called) {
    SecureRandom random = new SecureRandom();
    Instant now = Instant.now();
    CertifiedKey key =
        PeerCertificates.selfMade(
            PeerKey.generate(random), now, now.plus(Duration.ofDays(1)), random);
    OneKey own = new OneKey(key.privateKey(), key.certificate());
    QuicSslContextBuilder builder =
        called
            ? QuicSslContextBuilder.forServer(own, null).clientAuth(ClientAuth.REQUIRE)
            : QuicSslContextBuilder.forClient().keyManager(own, null);
    return QuicTerms.set(builder)
        .trustManager(InsecureTrustManagerFactory.INSTANCE)
        .applicationProtocols(QuicEndpoint.PROTOCOL)
        .build();
  }

  private Channel bind(ChannelHandler codec) throws Exception {
    Bootstrap bootstrap =
        new Bootstrap()
            .group(new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory()))
            .channel(EpollDatagramChannel.class)
            .handler(codec);
    if (batches) {
      bootstrap
          .option(
              ChannelOption.RECVBUF_ALLOCATOR,
              new FixedRecvByteBufAllocator(RECEIVED_AT_ONCE).maxMessagesPerRead(16))
          .option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, 2048);
    } else {
      bootstrap.option(
          ChannelOption.RECVBUF_ALLOCATOR,
          new FixedRecvByteBufAllocator(2048).maxMessagesPerRead(16));
    }
    return bootstrap.bind(InetAddress.getLoopbackAddress(), 0).sync().channel();
  }
}

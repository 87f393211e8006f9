package dev.culvert.transport.quic;

import dev.culvert.transport.quic.terms.OneKey;
import dev.culvert.transport.quic.terms.QuicTerms;
import io.netty.channel.ChannelHandler;
import io.netty.handler.codec.quic.Quic;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicChannelOption;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicServerCodecBuilder;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicSslEngine;
import io.netty.handler.codec.quic.SegmentedDatagramPacketAllocator;
import io.netty.handler.ssl.ClientAuth;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What all QUIC links of one peer share: its key, shown to both callers and called. TLS 1.3 alone
 * (RFC 9001), both sides with a certificate, no early data, no resumption.
 *
 * <p>Safe for any thread. To make the first loads a native library, which takes a moment and is not
 * for an event loop.
 */
public final class QuicEndpoint {
  /** What both sides say that they speak (RFC 7301). */
  public static final String PROTOCOL = "culvert/1";

  private final ExpectedPeers peers = new ExpectedPeers();
  private final QuicSslContext caller;
  private final QuicSslContext called;

  /**
   * Loads the library.
   *
   * @throws IllegalStateException with one line for people if there is none for this system
   */
  public QuicEndpoint(QuicIdentity identity) {
    unavailable()
        .ifPresent(
            why -> {
              throw new IllegalStateException(why);
            });
    OneKey key = new OneKey(identity.privateKey(), identity.certificate());
    caller = build(QuicSslContextBuilder.forClient().keyManager(key, null));
    called = build(QuicSslContextBuilder.forServer(key, null).clientAuth(ClientAuth.REQUIRE));
  }

  /** Why there is no QUIC here, in one line for people; empty if there is. Loads the library. */
  public static Optional<String> unavailable() {
    if (Quic.isAvailable()) {
      return Optional.empty();
    }
    return Optional.of(
        "no QUIC library for this system ("
            + System.getProperty("os.name")
            + ", "
            + System.getProperty("os.arch")
            + "): put netty-codec-native-quic for it on the class path");
  }

  private QuicSslContext build(QuicSslContextBuilder builder) {
    return QuicTerms.set(builder).trustManager(peers).applicationProtocols(PROTOCOL).build();
  }

  /**
   * A link to one peer, which is to be put into the pipeline of a channel of packets.
   *
   * @param calls whether this side calls; exactly one of the two does
   * @param expected whether a certificate is the peer's
   */
  public QuicLink link(boolean calls, Predicate<X509Certificate> expected, QuicListener listener) {
    return new QuicLink(this, calls, expected, listener);
  }

  /** The engine is made before any byte of the peer is looked at. */
  private QuicSslEngine engine(
      QuicSslContext context, QuicChannel channel, Predicate<X509Certificate> expected) {
    QuicSslEngine engine = context.newEngine(channel.alloc());
    peers.expect(engine, expected);
    return engine;
  }

  ChannelHandler callerCodec(Predicate<X509Certificate> expected) {
    return QuicTerms.set(new QuicClientCodecBuilder())
        .sslEngineProvider(channel -> engine(caller, channel, expected))
        .build();
  }

  ChannelHandler calledCodec(
      Predicate<X509Certificate> expected,
      ChannelHandler connection,
      ChannelHandler streams,
      SegmentedDatagramPacketAllocator segments) {
    return QuicTerms.set(new QuicServerCodecBuilder())
        .sslEngineProvider(channel -> engine(called, channel, expected))
        // ICE has proven that the peer is where it says.
        .tokenHandler(null)
        .handler(connection)
        .option(QuicChannelOption.SEGMENTED_DATAGRAM_PACKET_ALLOCATOR, segments)
        .streamHandler(streams)
        .build();
  }
}

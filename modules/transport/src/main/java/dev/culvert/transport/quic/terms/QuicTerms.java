package dev.culvert.transport.quic.terms;

import io.netty.handler.codec.quic.BoringSSLContextOption;
import io.netty.handler.codec.quic.QuicCodecBuilder;
import io.netty.handler.codec.quic.QuicCongestionControlAlgorithm;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import java.util.concurrent.TimeUnit;

/** Windows, sizes and bounds of a connection, and what its handshake offers. */
public final class QuicTerms {
  /** The longest UDP payload: it fits behind a relay's header on every path of IPv6. */
  private static final int LONGEST_PACKET = 1_200;

  /** Before anything was read; the library doubles it as far as a fast path needs it. */
  private static final long WINDOW = 1 << 20;

  private static final long CONNECTION_WINDOW = 3 << 20;
  private static final int STREAMS = 100;
  private static final int DATAGRAMS = 256;

  private QuicTerms() {}

  /** Ed25519 alone, no early data (RFC 9001 §9.2). */
  public static QuicSslContextBuilder set(QuicSslContextBuilder builder) {
    return builder
        .option(BoringSSLContextOption.SIGNATURE_ALGORITHMS, new String[] {"ed25519"})
        .earlyData(false);
  }

  /** Packets of 1,200 bytes, no timeout, CUBIC, 100 streams, datagrams (RFC 9000 §18.2). */
  public static <B extends QuicCodecBuilder<B>> B set(B builder) {
    return builder
        // Whether the path is dead ICE finds out, and it looks for another one meanwhile.
        .maxIdleTimeout(0, TimeUnit.SECONDS)
        .maxSendUdpPayloadSize(LONGEST_PACKET)
        .maxRecvUdpPayloadSize(LONGEST_PACKET)
        .activeMigration(false)
        .grease(false)
        .congestionControlAlgorithm(QuicCongestionControlAlgorithm.CUBIC)
        .initialMaxData(CONNECTION_WINDOW)
        .initialMaxStreamDataBidirectionalLocal(WINDOW)
        .initialMaxStreamDataBidirectionalRemote(WINDOW)
        .initialMaxStreamsBidirectional(STREAMS)
        .initialMaxStreamsUnidirectional(0)
        .datagram(DATAGRAMS, DATAGRAMS);
  }
}

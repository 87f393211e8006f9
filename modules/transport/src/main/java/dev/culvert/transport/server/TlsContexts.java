package dev.culvert.transport.server;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.util.List;
import javax.net.ssl.SSLException;

/** Makes what TLS connections begin with. */
final class TlsContexts {
  /** RFC 7443 §3; {@code http/1.1} where there is something to answer it (RFC 7301 §6). */
  private static final List<String> STUN = List.of("stun.turn", "stun.nat-discovery");

  private static final String HTTP = "http/1.1";

  private TlsContexts() {}

  /**
   * A context. A client that offers application protocols is told the one of ours that it likes
   * best; one that offers none, or none of ours, is served all the same: what it speaks is seen
   * from its first byte.
   *
   * @throws IllegalArgumentException if the key does not fit the certificate
   */
  static SslContext of(TlsIdentity identity, boolean http) {
    try {
      return SslContextBuilder.forServer(identity.key(), identity.chain())
          .sslProvider(SslProvider.JDK)
          .protocols("TLSv1.3", "TLSv1.2")
          .applicationProtocolConfig(
              new ApplicationProtocolConfig(
                  ApplicationProtocolConfig.Protocol.ALPN,
                  ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                  ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                  protocols(http)))
          .build();
    } catch (SSLException e) {
      throw new IllegalArgumentException("the certificate and its key cannot be used", e);
    }
  }

  private static List<String> protocols(boolean http) {
    return http ? List.of(STUN.get(0), STUN.get(1), HTTP) : STUN;
  }
}

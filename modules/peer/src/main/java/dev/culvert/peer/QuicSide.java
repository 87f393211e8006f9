package dev.culvert.peer;

import dev.culvert.identity.CertifiedKey;
import dev.culvert.identity.PeerCertificates;
import dev.culvert.identity.PeerKey;
import dev.culvert.transport.quic.QuicEndpoint;
import dev.culvert.transport.quic.QuicIdentity;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A peer's own side of QUIC, made when it is wanted for the first time. Safe for any thread. */
final class QuicSide {
  /** RFC 5280 §4.1.2.5: no end; nobody looks at it, and it tells nothing of this host's clock. */
  private static final Instant FOR_EVER = Instant.parse("9999-12-31T23:59:59Z");

  private final PeerKey key;
  private @Nullable CompletableFuture<QuicEndpoint> endpoint;

  QuicSide(PeerKey key) {
    this.key = key;
  }

  /** Loaded on another thread, as it takes a moment; fails where there is no library. */
  synchronized CompletableFuture<QuicEndpoint> endpoint() {
    if (endpoint == null) {
      endpoint = CompletableFuture.supplyAsync(this::load);
    }
    return endpoint;
  }

  private QuicEndpoint load() {
    CertifiedKey own = PeerCertificates.selfMade(key, Instant.EPOCH, FOR_EVER, new SecureRandom());
    return new QuicEndpoint(new QuicIdentity(own.privateKey(), own.certificate()));
  }

  static PeerEnd why(@Nullable Throwable fault) {
    Throwable cause = fault == null || fault.getCause() == null ? fault : fault.getCause();
    return new PeerEnd(
        PeerEnd.Kind.HERE,
        cause == null ? "there is no QUIC here" : String.valueOf(cause.getMessage()));
  }
}

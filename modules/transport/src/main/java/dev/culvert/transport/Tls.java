package dev.culvert.transport;

import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.ServerIdentity;
import dev.culvert.transport.secure.Engines;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Makes engines for TLS and DTLS that judge servers. Loads the platform's authorities when first
 * needed, which takes a while. Safe for any thread.
 */
final class Tls {
  private final Optional<List<X509Certificate>> suppliedAuthorities;
  private @Nullable X509ExtendedTrustManager authorities;

  /** Empty for the platform's authorities. */
  Tls(Optional<List<X509Certificate>> suppliedAuthorities) {
    this.suppliedAuthorities = suppliedAuthorities;
  }

  /**
   * An engine for one connection. Its context is its own, so that a session that was resumed cannot
   * bring another expectation's verdict along.
   */
  SSLEngine clientEngine(ServerIdentity expected, boolean datagrams)
      throws GeneralSecurityException {
    ServerTrust trust;
    SSLEngine engine;
    if (expected instanceof ServerIdentity.HostName host) {
      trust = new NamedTrust(authorities(), host.name());
      engine = Engines.context(datagrams, null, trust).createSSLEngine(host.name(), 0);
      identify(engine, host.name());
    } else if (expected instanceof ServerIdentity.PinnedKey pin) {
      trust = new PinnedTrust(pin.sha256());
      engine = Engines.context(datagrams, null, trust).createSSLEngine();
      Engines.strengthen(engine, engine.getSSLParameters());
    } else if (expected instanceof ServerIdentity.HostNameOrKey either) {
      String name = either.name().name();
      trust =
          new EitherTrust(
              new PinnedTrust(either.key().sha256()), new NamedTrust(authorities(), name));
      engine = Engines.context(datagrams, null, trust).createSSLEngine(name, 0);
      identify(engine, name);
    } else {
      throw new GeneralSecurityException("an unknown kind of identity");
    }
    engine.setUseClientMode(true);
    return engine;
  }

  private static void identify(SSLEngine engine, String name) throws GeneralSecurityException {
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    try {
      parameters.setServerNames(
          IpLiterals.parse(name).isPresent()
              ? List.of()
              : List.of(new SNIHostName(ServerNames.ascii(name))));
    } catch (IllegalArgumentException e) {
      throw new GeneralSecurityException(name + " is not a host name", e);
    }
    Engines.strengthen(engine, parameters);
  }

  /** What makes engines for one server. */
  static SSLContext serverContext(ServerCertificate certificate, boolean datagrams)
      throws GeneralSecurityException {
    return Engines.serverContext(certificate.privateKey(), certificate.chain(), datagrams);
  }

  private synchronized X509ExtendedTrustManager authorities() throws GeneralSecurityException {
    if (authorities == null) {
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(suppliedAuthorities.isPresent() ? store(suppliedAuthorities.get()) : null);
      for (TrustManager manager : factory.getTrustManagers()) {
        if (manager instanceof X509ExtendedTrustManager extended) {
          authorities = extended;
        }
      }
    }
    if (authorities == null) {
      throw new GeneralSecurityException("this Java cannot judge certificates");
    }
    return authorities;
  }

  private static KeyStore store(List<X509Certificate> certificates)
      throws GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    try {
      store.load(null, null);
    } catch (IOException e) {
      throw new GeneralSecurityException(e);
    }
    for (int i = 0; i < certificates.size(); i++) {
      store.setCertificateEntry("authority " + i, certificates.get(i));
    }
    return store;
  }
}

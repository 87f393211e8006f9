package dev.culvert.transport.secure;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's engines for TLS and DTLS as this module has them: TLS 1.3 and 1.2, DTLS 1.2, ephemeral
 * key exchange and authenticated encryption only. Safe for any thread.
 */
public final class Engines {
  private Engines() {}

  /** What makes engines for one server. */
  public static SSLContext serverContext(
      PrivateKey key, List<X509Certificate> chain, boolean datagrams)
      throws GeneralSecurityException {
    return context(datagrams, new ServerKey(key, chain), null);
  }

  /** A server's end of one connection. */
  public static SSLEngine serverEngine(SSLContext context) {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(false);
    strengthen(engine, engine.getSSLParameters());
    return engine;
  }

  /** A context with at most this key and these demands. */
  public static SSLContext context(
      boolean datagrams, @Nullable KeyManager key, @Nullable TrustManager trust)
      throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance(datagrams ? "DTLS" : "TLS");
    context.init(
        key == null ? new KeyManager[0] : new KeyManager[] {key},
        trust == null ? new TrustManager[0] : new TrustManager[] {trust},
        null);
    return context;
  }

  /** Gives {@code engine} the parameters, with no protocol or cipher but the strong ones. */
  public static void strengthen(SSLEngine engine, SSLParameters parameters) {
    boolean datagrams = engine.getSupportedProtocols()[0].startsWith("DTLS");
    parameters.setProtocols(
        datagrams ? new String[] {"DTLSv1.2"} : new String[] {"TLSv1.3", "TLSv1.2"});
    List<String> suites = new ArrayList<>();
    for (String suite : parameters.getCipherSuites()) {
      boolean authenticated = suite.contains("_GCM_") || suite.contains("_CHACHA20_");
      boolean ephemeral = suite.startsWith("TLS_ECDHE_") || !suite.contains("_WITH_");
      if (authenticated && ephemeral) {
        suites.add(suite);
      }
    }
    parameters.setCipherSuites(suites.toArray(new String[0]));
    engine.setSSLParameters(parameters);
  }
}

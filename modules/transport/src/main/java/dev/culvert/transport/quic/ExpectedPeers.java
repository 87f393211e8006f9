package dev.culvert.transport.quic;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.Predicate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Trusts, in each handshake, the one key that is expected there, whoever vouches for it and until
 * whenever. That the peer has the private key the handshake itself proves.
 */
final class ExpectedPeers extends X509ExtendedTrustManager {
  private final Map<SSLEngine, Predicate<X509Certificate>> expected =
      Collections.synchronizedMap(new WeakHashMap<>());

  void expect(SSLEngine engine, Predicate<X509Certificate> peer) {
    expected.put(engine, peer);
  }

  private void check(X509Certificate[] chain, @Nullable SSLEngine engine)
      throws CertificateException {
    Predicate<X509Certificate> peer = engine == null ? null : expected.get(engine);
    if (peer == null || chain.length == 0 || !peer.test(chain[0])) {
      throw new CertificateException("the peer has another key than the expected one");
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine)
      throws CertificateException {
    check(chain, engine);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine)
      throws CertificateException {
    check(chain, engine);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
      throws CertificateException {
    check(chain, null);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
      throws CertificateException {
    check(chain, null);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    check(chain, null);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    check(chain, null);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}

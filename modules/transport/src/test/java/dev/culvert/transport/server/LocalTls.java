package dev.culvert.transport.server;

import static dev.culvert.transport.server.UdpAsker.ip;

import dev.culvert.identity.CertificateSpec;
import dev.culvert.identity.Certificates;
import dev.culvert.identity.CertifiedKey;
import dev.culvert.identity.Keys;
import dev.culvert.sansio.TransportAddress;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** A server's key for 127.0.0.1, and clients that trust it. */
final class LocalTls {
  private final CertifiedKey key;
  private final SSLContext trusting;

  LocalTls() throws GeneralSecurityException, IOException {
    SecureRandom random = new SecureRandom();
    Instant now = Instant.now();
    CertificateSpec spec =
        new CertificateSpec(
            List.of(), List.of(ip("127.0.0.1")), now.minusSeconds(60), now.plusSeconds(600), false);
    key = Certificates.selfMade(Keys.generateP256(random), spec, random);
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    store.setCertificateEntry("server", key.certificate());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    trusting = SSLContext.getInstance("TLS");
    trusting.init(null, trust.getTrustManagers(), null);
  }

  TlsIdentity identity() {
    return new TlsIdentity(key.privateKey(), key.chain());
  }

  /** A client's socket whose handshake is done. */
  SSLSocket socket(TransportAddress server, String... applicationProtocols) throws IOException {
    SSLSocket socket =
        (SSLSocket) trusting.getSocketFactory().createSocket(server.ip(), server.port());
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(applicationProtocols);
    socket.setSSLParameters(parameters);
    socket.setSoTimeout(60_000);
    try {
      socket.startHandshake();
    } catch (IOException e) {
      socket.close();
      throw e;
    }
    return socket;
  }

  TcpAsker connect(TransportAddress server) throws IOException {
    return new TcpAsker(trusting.getSocketFactory().createSocket(server.ip(), server.port()));
  }
}

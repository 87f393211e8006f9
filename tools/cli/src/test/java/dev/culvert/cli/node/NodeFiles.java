package dev.culvert.cli.node;

import dev.culvert.identity.CertifiedKey;
import dev.culvert.identity.Pem;
import dev.culvert.identity.SpkiPin;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.TransportAddress;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** A node's files as operators and their tools exchange them, and what its clients see then. */
final class NodeFiles {
  final Path folder;
  final Path certificate;
  final Path key;
  final Path users;

  NodeFiles(Path folder) {
    this.folder = folder;
    certificate = folder.resolve("cert.pem");
    key = folder.resolve("key.pem");
    users = folder.resolve("users");
  }

  static CertifiedKey newKey() {
    List<TransportAddress> names =
        List.of(new TransportAddress(IpLiterals.parse("127.0.0.1").orElseThrow(), 1));
    return NodeTls.selfMade(names, new SecureRandom(), Instant.now());
  }

  void write(CertifiedKey own) throws IOException {
    replace(certificate, Pem.write(own.chain()));
    replace(key, Pem.write(own.privateKey()));
  }

  /** As editors and deployment tools do it. */
  static void replace(Path file, String text) throws IOException {
    Path next = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(next, text);
    if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(next, PosixFilePermissions.fromString("rw-------"));
    }
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** The pin of what a server shows to a new client. */
  static String shownAt(TransportAddress server) throws IOException, GeneralSecurityException {
    try (SSLSocket socket = trustingAll(server)) {
      X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      return SpkiPin.of(shown).toString();
    }
  }

  static SSLSocket trustingAll(TransportAddress server)
      throws IOException, GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new Credulous()}, null);
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(server.ip(), server.port());
    socket.setSoTimeout(60_000);
    socket.startHandshake();
    return socket;
  }

  private static final class Credulous implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {
      // There are none.
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {
      // What it is, is compared by the test.
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}

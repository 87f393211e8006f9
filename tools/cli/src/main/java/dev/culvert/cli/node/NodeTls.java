package dev.culvert.cli.node;

import dev.culvert.cli.Fault;
import dev.culvert.identity.CertificateSpec;
import dev.culvert.identity.Certificates;
import dev.culvert.identity.CertifiedKey;
import dev.culvert.identity.Keys;
import dev.culvert.identity.Pem;
import dev.culvert.identity.PemException;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Reads a node's certificate and key, or makes them. */
final class NodeTls {
  private static final Duration SELF_MADE_LIFE = Duration.ofDays(365);

  private NodeTls() {}

  /** The certificates of one file and the key of another, both PEM. */
  static CertifiedKey read(Path certificates, Path key) {
    try {
      return Pem.readCertifiedKey(
          OptionFile.text("--cert", certificates, "a PEM file"),
          "--cert " + certificates,
          OptionFile.text("--key", key, "a PEM file"),
          "--key " + key);
    } catch (PemException e) {
      String message = String.valueOf(e.getMessage());
      int mend = message.lastIndexOf("; ");
      throw mend < 0
          ? Fault.usage(message, "give another file")
          : Fault.usage(message.substring(0, mend), message.substring(mend + 2));
    }
  }

  /** A fresh key with a certificate for the given addresses; clients know it by its pin. */
  static CertifiedKey selfMade(List<TransportAddress> addresses, SecureRandom random, Instant now) {
    List<InetAddress> ips =
        addresses.stream()
            .map(TransportAddress::ip)
            .filter(ip -> !ip.isAnyLocalAddress())
            .distinct()
            .toList();
    CertificateSpec spec =
        new CertificateSpec(
            List.of(), ips, now.minus(Duration.ofHours(1)), now.plus(SELF_MADE_LIFE), false);
    return Certificates.selfMade(Keys.generateP256(random), spec, random);
  }
}

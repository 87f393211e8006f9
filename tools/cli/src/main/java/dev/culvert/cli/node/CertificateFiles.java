package dev.culvert.cli.node;

import dev.culvert.identity.CertifiedKey;
import dev.culvert.transport.server.StunServer;
import dev.culvert.transport.server.TlsIdentity;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The certificate of a node in its files. Safe for every thread. */
final class CertificateFiles implements Renewal {
  /** Whoever renews by hand needs a while, and whoever has it done wants to know that it failed. */
  private static final List<Duration> WARNINGS =
      List.of(Duration.ZERO, Duration.ofDays(7), Duration.ofDays(30));

  private final Path certificate;
  private final Path key;
  private volatile CertifiedKey current;

  /** The files, and what they said at first. */
  CertificateFiles(Path certificate, Path key, CertifiedKey first) {
    this.certificate = certificate;
    this.key = key;
    current = first;
  }

  @Override
  public List<Path> files() {
    return List.of(certificate, key);
  }

  /** What is shown to clients now. */
  CertifiedKey current() {
    return current;
  }

  @Override
  public String renew(StunServer server) {
    CertifiedKey next = NodeTls.read(certificate, key);
    server.useIdentity(new TlsIdentity(next.privateKey(), next.chain()));
    current = next;
    return "the certificate in " + certificate + ", good until " + end() + ", pin=" + next.pin();
  }

  private Instant end() {
    return current.certificate().getNotAfter().toInstant();
  }

  /** Says the same until there is less time by a step. */
  @Override
  public Optional<String> concern(Instant now) {
    for (Duration left : WARNINGS) {
      if (!now.isBefore(end().minus(left))) {
        String when = left.isZero() ? "ended" : "ends in less than " + left.toDays() + " days,";
        return Optional.of(
            "the certificate in " + certificate + " " + when + " at " + end() + "; renew it");
      }
    }
    return Optional.empty();
  }
}

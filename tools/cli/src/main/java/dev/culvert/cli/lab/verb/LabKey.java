package dev.culvert.cli.lab.verb;

import dev.culvert.identity.CertificateSpec;
import dev.culvert.identity.Certificates;
import dev.culvert.identity.CertifiedKey;
import dev.culvert.identity.Keys;
import dev.culvert.identity.Pem;
import dev.culvert.lab.LabException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The key of every node that this process starts in a kernel's lab, in files for the nodes to read,
 * so that whoever talks to them over TLS knows whom to expect. Safe for any thread.
 */
final class LabKey {
  private static Optional<LabKey> made = Optional.empty();

  private final Path certificate;
  private final Path key;
  private final String pin;

  private LabKey(Path certificate, Path key, String pin) {
    this.certificate = certificate;
    this.key = key;
    this.pin = pin;
  }

  /** The key, made when it is first wanted; its files go when the process does. */
  static synchronized LabKey get() throws LabException {
    if (made.isEmpty()) {
      try {
        made = Optional.of(make());
      } catch (IOException e) {
        throw new LabException("cannot write a key for the nodes: " + e.getMessage(), e);
      }
    }
    return made.get();
  }

  private static LabKey make() throws IOException {
    SecureRandom random = new SecureRandom();
    Instant now = Instant.now();
    CertificateSpec spec =
        new CertificateSpec(
            List.of("node.lab.invalid"),
            List.of(),
            now.minus(Duration.ofHours(1)),
            now.plus(Duration.ofDays(1)),
            false);
    CertifiedKey own = Certificates.selfMade(Keys.generateP256(random), spec, random);
    return new LabKey(
        temporary("cert", Pem.write(own.chain())),
        temporary("key", Pem.write(own.privateKey())),
        own.pin().toString());
  }

  private static Path temporary(String what, String text) throws IOException {
    Path file = Files.createTempFile("culvert-lab-" + what, ".pem");
    file.toFile().deleteOnExit();
    return Files.writeString(file, text);
  }

  Path certificate() {
    return certificate;
  }

  Path key() {
    return key;
  }

  /** {@code sha256//…}. */
  String pin() {
    return pin;
  }
}

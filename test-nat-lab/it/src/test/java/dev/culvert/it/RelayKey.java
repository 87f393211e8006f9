package dev.culvert.it;

import dev.culvert.identity.CertificateSpec;
import dev.culvert.identity.Certificates;
import dev.culvert.identity.CertifiedKey;
import dev.culvert.identity.Keys;
import dev.culvert.identity.Pem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A relay's key and certificate in files.
 *
 * @param pin what clients know the key by
 */
record RelayKey(Path certificate, Path key, String pin) {

  /** A fresh one, in files that go with this JVM. */
  static RelayKey make() throws Exception {
    SecureRandom random = new SecureRandom();
    Instant now = Instant.now();
    CertificateSpec spec =
        new CertificateSpec(
            List.of("relay.lab.invalid"),
            List.of(),
            now.minus(Duration.ofHours(1)),
            now.plus(Duration.ofDays(1)),
            false);
    CertifiedKey own = Certificates.selfMade(Keys.generateP256(random), spec, random);
    return new RelayKey(
        temporary("cert", Pem.write(own.chain())),
        temporary("key", Pem.write(own.privateKey())),
        own.pin().toString());
  }

  private static Path temporary(String what, String text) throws Exception {
    Path file = Files.createTempFile("culvert-relay-" + what, ".pem");
    file.toFile().deleteOnExit();
    return Files.writeString(file, text);
  }
}

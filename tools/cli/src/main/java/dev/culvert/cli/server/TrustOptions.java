package dev.culvert.cli.server;

import dev.culvert.cli.Fault;
import dev.culvert.identity.Pem;
import dev.culvert.identity.PemException;
import dev.culvert.identity.SpkiPin;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.ServerIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whom to trust over TLS and DTLS. */
public final class TrustOptions {
  @Option(
      names = "--pin",
      paramLabel = "PIN",
      description =
          "Trust the server by its key alone: sha256//BASE64 as culvert node prints it, or sha256:HEX.")
  private @Nullable String pin;

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description = "Trust these authorities (PEM) in place of the JDK's.")
  private @Nullable Path authorities;

  @Option(
      names = "--tls-name",
      paramLabel = "NAME",
      description = "The name that the certificate must bear (default: the server's host).")
  private @Nullable String name;

  /**
   * Who the server must prove to be.
   *
   * @throws Fault if the pin is none
   */
  public ServerIdentity identity(ServerArgument server) {
    if (pin != null) {
      String text = pin;
      return sha256(text)
          .<ServerIdentity>map(ServerIdentity.PinnedKey::new)
          .orElseThrow(
              () ->
                  Fault.usage(
                      "'" + text + "' is no pin",
                      "write sha256//BASE64 or sha256:HEX of the server's key"));
    }
    return name == null ? server.identity() : new ServerIdentity.HostName(name);
  }

  private static Optional<Bytes> sha256(String text) {
    if (text.matches("sha256:[0-9a-fA-F]{64}")) {
      return Optional.of(Bytes.hex(text.substring("sha256:".length())));
    }
    return SpkiPin.parse(text.replaceFirst("^sha256:", "sha256//")).map(SpkiPin::sha256);
  }

  /**
   * The authorities that were named; empty for those of the JDK.
   *
   * @throws Fault if the file cannot be read
   */
  public Optional<List<X509Certificate>> authorities() {
    Path file = authorities;
    if (file == null) {
      return Optional.empty();
    }
    try {
      String text = Files.readString(file, StandardCharsets.ISO_8859_1);
      return Optional.of(Pem.readCertificates(text, file.toString()));
    } catch (IOException e) {
      throw Fault.usage("the file '" + file + "' cannot be read", "name a PEM file that can");
    } catch (PemException e) {
      throw Fault.usage(String.valueOf(e.getMessage()), "name a file of PEM certificates");
    }
  }
}

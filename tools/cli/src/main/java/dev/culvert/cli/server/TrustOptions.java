package dev.culvert.cli.server;

import dev.culvert.cli.Fault;
import dev.culvert.identity.Pem;
import dev.culvert.identity.PemException;
import dev.culvert.identity.SpkiPin;
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
      paramLabel = "sha256:PIN",
      description = "Trust the server by its key alone: the pin that culvert node prints.")
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
      return SpkiPin.parse(text)
          .<ServerIdentity>map(read -> new ServerIdentity.PinnedKey(read.sha256()))
          .orElseThrow(
              () ->
                  Fault.usage(
                      "'" + text + "' is no pin", "write sha256: and the key's hash, as printed"));
    }
    return name == null ? server.identity() : new ServerIdentity.HostName(name);
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

package dev.culvert.cli.server;

import dev.culvert.cli.Fault;
import dev.culvert.identity.SpkiPin;
import dev.culvert.sansio.ServerIdentity;
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
}

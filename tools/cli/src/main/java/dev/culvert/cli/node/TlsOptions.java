package dev.culvert.cli.node;

import picocli.CommandLine.Option;

/** What a node does over TLS beyond STUN and TURN. */
final class TlsOptions {
  @Option(
      names = "--tls-http",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description =
          "Answer browsers on TLS listeners too, with a page that says what this is and /health;"
              + " the first bytes tell HTTP from STUN and TURN (default: ${DEFAULT-VALUE}).")
  boolean http;
}

package dev.culvert.cli.turn;

import dev.culvert.cli.Fault;
import dev.culvert.cli.server.ServerArgument;
import dev.culvert.sansio.Transport;
import dev.culvert.stun.StunUri;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * A relay as people write it, and the ways to speak to it that this asks for.
 *
 * @param written what stood on the command line
 * @param host what TLS and DTLS expect a certificate for where nothing else is said
 * @param ways at least one
 * @param demanded whether each way must work, or one of them
 */
record RelayTarget(String written, ServerArgument host, List<StunUri> ways, boolean demanded) {
  private static final List<Transport> ALL =
      List.of(Transport.UDP, Transport.TCP, Transport.TLS, Transport.DTLS);

  RelayTarget {
    ways = List.copyOf(ways);
  }

  /**
   * Reads what people wrote: a URI of RFC 7065 is one way; a host with or without a port is all of
   * them, or those chosen.
   *
   * @param chosen words for transports; empty if nobody chose
   * @throws Fault if it is no relay, or a URI and a choice contradict each other
   */
  static RelayTarget parse(String written, List<String> chosen) {
    String text = written.strip();
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.startsWith("stun:") || lower.startsWith("stuns:")) {
      throw Fault.usage(
          "'" + text + "' names a STUN server",
          "culvert stun tests it; relays are turn: or turns:");
    }
    if (lower.startsWith("turn:") || lower.startsWith("turns:")) {
      if (!chosen.isEmpty()) {
        throw Fault.usage(
            "'" + text + "' says the transport already",
            "leave out --transport, or write the host alone");
      }
      StunUri uri = uri(text);
      return new RelayTarget(
          text,
          new ServerArgument(text, uri.host(), uri.port(), uri.scheme().isSecure()),
          List.of(uri),
          true);
    }
    return plain(text, chosen);
  }

  private static StunUri uri(String text) {
    try {
      return StunUri.parse(text);
    } catch (IllegalArgumentException e) {
      throw Fault.usage(String.valueOf(e.getMessage()), "");
    }
  }

  private static RelayTarget plain(String text, List<String> chosen) {
    ServerArgument host = ServerArgument.parse(text);
    List<Transport> transports =
        chosen.isEmpty() ? ALL : chosen.stream().map(RelayTarget::transport).distinct().toList();
    boolean alike = transports.stream().map(Transport::isSecure).distinct().count() == 1;
    List<StunUri> ways = new ArrayList<>();
    for (Transport transport : transports) {
      OptionalInt port = host.portFor(transport, alike);
      StunUri.Scheme scheme = transport.isSecure() ? StunUri.Scheme.TURNS : StunUri.Scheme.TURN;
      ways.add(new StunUri(scheme, host.host(), port, transport));
    }
    return new RelayTarget(text, host, ways, !chosen.isEmpty());
  }

  private static Transport transport(String word) {
    return switch (word.strip().toLowerCase(Locale.ROOT)) {
      case "udp" -> Transport.UDP;
      case "tcp" -> Transport.TCP;
      case "tls" -> Transport.TLS;
      case "dtls" -> Transport.DTLS;
      default ->
          throw Fault.usage(
              "there is no transport '" + word + "'", "choose from udp, tcp, tls, dtls");
    };
  }
}

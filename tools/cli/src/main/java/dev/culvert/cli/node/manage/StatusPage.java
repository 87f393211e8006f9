package dev.culvert.cli.node.manage;

import dev.culvert.rendezvous.node.NodeCounts;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.transport.http.HttpReply;
import dev.culvert.transport.server.ServerCount;
import dev.culvert.turn.server.PortUse;
import dev.culvert.turn.server.TurnCount;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.stream.Collectors;

/** The page that tells people what a node does: one file, no script, nothing loaded. */
final class StatusPage {
  private static final int REFRESH_SECONDS = 10;

  /** A certificate that ends sooner than this is worth a look. */
  private static final Duration SOON = Duration.ofDays(14);

  private static final String STYLE =
      """
      :root{color-scheme:light dark;--line:#8884;--good:#1a7f37;--bad:#c62828}
      @media(prefers-color-scheme:dark){:root{--good:#56d364;--bad:#ff7b72}}
      body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:46rem;padding:1rem}
      h1{font-size:1.4rem;margin:.2rem 0}h2{font-size:1.1rem;margin:1.4rem 0 .3rem}
      table{border-collapse:collapse;width:100%}
      th,td{border-top:1px solid var(--line);padding:.3rem .4rem;text-align:left;vertical-align:top;
      overflow-wrap:anywhere}
      th{font-weight:400;width:45%}td{font-variant-numeric:tabular-nums}
      .good{color:var(--good)}.bad{color:var(--bad)}
      footer{font-size:.85rem;margin-top:1.5rem;opacity:.75}
      """;

  private static final String POLICY =
      "default-src 'none'; style-src 'sha256-"
          + digest(STYLE)
          + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private final StringBuilder html = new StringBuilder(4096);

  private StatusPage() {}

  /** The page. */
  static HttpReply of(NodeStatus status) {
    return HttpReply.of(200, "text/html; charset=utf-8", new StatusPage().write(status))
        .with("Content-Security-Policy", POLICY);
  }

  private static String digest(String text) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      return Base64.getEncoder().encodeToString(sha.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private String write(NodeStatus status) {
    html.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
        .append("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">")
        .append("<meta http-equiv=\"refresh\" content=\"")
        .append(REFRESH_SECONDS)
        .append("\"><title>Culvert node</title><style>")
        .append(STYLE)
        .append("</style></head><body>\n<h1>Culvert node</h1>\n");
    if (status.report().isReady()) {
      html.append("<p class=\"good\">&#10003; It is well and takes new clients.</p>\n");
    } else {
      html.append("<p class=\"bad\">&#10007; ")
          .append(escaped(String.join("; ", status.report().reasons())))
          .append("</p>\n");
    }
    begin("Node");
    row("Version", status.version());
    row("Running for", Words.time(status.uptime()));
    status
        .listeners()
        .forEach(
            (transport, addresses) ->
                row(
                    transport.name(),
                    addresses.stream().map(Object::toString).collect(Collectors.joining(", "))));
    row("Open connections", Words.count(status.connections()));
    status
        .certificate()
        .ifPresent(
            certificate -> {
              row("Certificate", certificate.getSubjectX500Principal().getName());
              Duration left = status.certificateLeft();
              row(
                  "Certificate ends",
                  certificate.getNotAfter().toInstant()
                      + (left.isNegative() ? " (over)" : " (in " + Words.time(left) + ")"),
                  left.compareTo(SOON) < 0);
            });
    end();
    status.relay().ifPresent(this::relay);
    status.rendezvous().ifPresent(this::rendezvous);
    begin("STUN");
    row("Binding answers over UDP", count(status, ServerCount.UDP_ANSWERED));
    row("Binding answers over TCP, TLS, DTLS", count(status, ServerCount.STREAM_ANSWERED));
    for (ServerCount each : ServerCount.values()) {
      if (each.label().startsWith("dropped-")) {
        row("Dropped: " + words(each.label()), count(status, each));
      }
    }
    row("Connections refused", count(status, ServerCount.CONNECTIONS_REFUSED));
    end();
    html.append("<footer>Refreshes itself every ")
        .append(REFRESH_SECONDS)
        .append(
            " seconds. Counts are since the start. For programs: <a href=\"/metrics\">/metrics</a>,"
                + " <a href=\"/health\">/health</a>, <a href=\"/status\">/status</a>.</footer>\n")
        .append("</body></html>\n");
    return html.toString();
  }

  private void rendezvous(NodeStatus.Rendezvous rendezvous) {
    NodeCounts counts = rendezvous.counts();
    begin("Rendezvous");
    row("Known as", rendezvous.id().toString());
    row("Peers", Words.count(counts.peers()));
    row("Peers that can be found", Words.count(counts.records()));
    row("Other nodes that are told of", Words.count(counts.nodes()));
    row("Messages delivered", Words.count(counts.signalsDelivered()));
    row("Messages refused", Words.count(counts.signalsRefused()));
    row("Proofs that did not hold", Words.count(counts.proofsFailed()));
    row("Turned away for a limit", Words.count(counts.refused()));
    row("Malformed", Words.count(counts.malformed()));
    end();
  }

  private void relay(NodeStatus.Relay relay) {
    begin("Relay");
    row("Realm", relay.realm());
    for (PortUse use : relay.ports()) {
      String announced = IpLiterals.format(use.address().announced(), false);
      String local = IpLiterals.format(use.address().local(), false);
      row("Relays on", announced.equals(local) ? announced : announced + " (here " + local + ")");
      row("Ports taken there", Words.count(use.taken()) + " of " + Words.count(use.all()));
    }
    row("Allocations", Words.count(relay.standing()));
    relay.allocations().forEach((kind, n) -> row("of these " + kind, Words.count(n)));
    row("Made since the start", count(relay, TurnCount.ALLOCATIONS));
    row("To peers", traffic(relay, TurnCount.TO_PEERS, TurnCount.TO_PEERS_BYTES));
    row("To clients", traffic(relay, TurnCount.TO_CLIENTS, TurnCount.TO_CLIENTS_BYTES));
    for (TurnCount each : TurnCount.values()) {
      if (each.label().startsWith("dropped-")) {
        row("Not relayed: " + words(each.label()), count(relay, each));
      }
    }
    row("Challenged (401, 438)", count(relay, TurnCount.CHALLENGES));
    relay
        .refusals()
        .forEach((code, n) -> row("Refused: " + NodeStatus.refusal(code), Words.count(n)));
    end();
  }

  private static String words(String label) {
    return label.substring("dropped-".length()).replace('-', ' ');
  }

  private static String count(NodeStatus status, ServerCount what) {
    return Words.count(status.counts().getOrDefault(what, 0L));
  }

  private static String count(NodeStatus.Relay relay, TurnCount what) {
    return Words.count(relay.counts().getOrDefault(what, 0L));
  }

  private static String traffic(NodeStatus.Relay relay, TurnCount datagrams, TurnCount bytes) {
    return Words.bytes(relay.counts().getOrDefault(bytes, 0L))
        + ", "
        + count(relay, datagrams)
        + " datagrams";
  }

  private void begin(String title) {
    html.append("<h2>").append(escaped(title)).append("</h2>\n<table>\n");
  }

  private void end() {
    html.append("</table>\n");
  }

  private void row(String name, String value) {
    row(name, value, false);
  }

  private void row(String name, String value, boolean bad) {
    html.append("<tr><th scope=\"row\">")
        .append(escaped(name))
        .append(bad ? "</th><td class=\"bad\">" : "</th><td>")
        .append(escaped(value))
        .append("</td></tr>\n");
  }

  /** The text as HTML shows it. */
  static String escaped(String text) {
    StringBuilder safe = new StringBuilder();
    text.codePoints()
        .forEach(
            each -> {
              switch (each) {
                case '&' -> safe.append("&amp;");
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '"' -> safe.append("&quot;");
                case '\'' -> safe.append("&#39;");
                default -> safe.appendCodePoint(each < ' ' || each == 0x7f ? '\ufffd' : each);
              }
            });
    return safe.toString();
  }
}

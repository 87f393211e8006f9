package dev.culvert.cli.node.manage;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.culvert.identity.PeerId;
import dev.culvert.rendezvous.node.NodeCounts;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.transport.server.ServerCount;
import dev.culvert.turn.server.PortUse;
import dev.culvert.turn.server.TurnCount;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a node does at some time, for people and for {@code culvert node ctl status}; no users and
 * no clients.
 *
 * @param version of the program
 * @param uptime since the start
 * @param report whether it is well
 * @param listeners where it listens
 * @param connections open ones
 * @param counts of the server since the start
 * @param relay what it relays; empty: it does not
 * @param rendezvous who meets there; empty: nobody does
 * @param certificate what it shows; empty: none
 * @param certificateLeft until that ends, negative if it has
 */
record NodeStatus(
    String version,
    Duration uptime,
    Health.Report report,
    Map<Transport, List<TransportAddress>> listeners,
    int connections,
    Map<ServerCount, Long> counts,
    Optional<Relay> relay,
    Optional<Rendezvous> rendezvous,
    Optional<X509Certificate> certificate,
    Duration certificateLeft) {

  /**
   * The relay's part.
   *
   * @param realm what credentials are for
   * @param ports of each relay address
   * @param allocations that stand, by transport and IP version
   * @param counts since the start
   * @param refusals since the start, by error code
   */
  record Relay(
      String realm,
      List<PortUse> ports,
      Map<String, Long> allocations,
      Map<TurnCount, Long> counts,
      Map<Integer, Long> refusals) {
    long standing() {
      return allocations.values().stream().mapToLong(n -> n).sum();
    }
  }

  /**
   * The rendezvous' part.
   *
   * @param id the node's
   * @param counts now and since the start
   */
  record Rendezvous(PeerId id, NodeCounts counts) {}

  /** What holds now. */
  static NodeStatus of(NodeFacts facts, Instant start, Health.Report report) {
    Instant now = facts.clock().instant();
    Map<Transport, List<TransportAddress>> listeners = new LinkedHashMap<>();
    for (Transport transport : Transport.values()) {
      List<TransportAddress> addresses = facts.server().addresses(transport);
      if (!addresses.isEmpty()) {
        listeners.put(transport, addresses);
      }
    }
    Optional<X509Certificate> certificate = facts.certificate().get();
    return new NodeStatus(
        facts.version(),
        Duration.between(start, now),
        report,
        listeners,
        facts.server().connections(),
        facts.server().counts(),
        facts.relay().map(relay -> relay(facts, relay)),
        facts.rendezvous().map(its -> new Rendezvous(its.id(), its.latest())),
        certificate,
        certificate
            .map(shown -> Duration.between(now, shown.getNotAfter().toInstant()))
            .orElse(Duration.ZERO));
  }

  private static Relay relay(NodeFacts facts, NodeFacts.RelayFacts relay) {
    Map<String, Long> allocations = new LinkedHashMap<>();
    facts
        .server()
        .supervision()
        .allocationKinds()
        .forEach(
            (kind, n) -> {
              if (n != 0) {
                allocations.put(Metrics.name(kind.client()) + " " + Metrics.family(kind), n);
              }
            });
    return new Relay(
        relay.realm(),
        relay.resources().ports(),
        allocations,
        facts.server().relayCounts(),
        facts.server().supervision().refusals());
  }

  /** A refusal's code and the name that RFCs give it. */
  static String refusal(int code) {
    return (code + " " + ErrorCode.of(code).reason()).strip();
  }

  /** One object. */
  void write(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("schema", "culvert.node.status/1");
    out.writeStringField("version", version);
    out.writeNumberField("uptimeSeconds", uptime.toSeconds());
    out.writeBooleanField("healthy", report.isWell());
    out.writeBooleanField("ready", report.isReady());
    out.writeArrayFieldStart("reasons");
    for (String reason : report.reasons()) {
      out.writeString(reason);
    }
    out.writeEndArray();
    out.writeObjectFieldStart("listeners");
    for (Map.Entry<Transport, List<TransportAddress>> entry : listeners.entrySet()) {
      out.writeArrayFieldStart(Metrics.name(entry.getKey()));
      for (TransportAddress address : entry.getValue()) {
        out.writeString(address.toString());
      }
      out.writeEndArray();
    }
    out.writeEndObject();
    out.writeNumberField("connections", connections);
    out.writeObjectFieldStart("counts");
    for (Map.Entry<ServerCount, Long> entry : counts.entrySet()) {
      out.writeNumberField(entry.getKey().label(), entry.getValue());
    }
    out.writeEndObject();
    if (relay.isPresent()) {
      write(relay.get(), out);
    } else {
      out.writeNullField("relay");
    }
    if (rendezvous.isPresent()) {
      write(rendezvous.get(), out);
    } else {
      out.writeNullField("rendezvous");
    }
    if (certificate.isPresent()) {
      out.writeObjectFieldStart("certificate");
      out.writeStringField("subject", certificate.get().getSubjectX500Principal().getName());
      out.writeStringField("notAfter", certificate.get().getNotAfter().toInstant().toString());
      out.writeNumberField("leftSeconds", certificateLeft.toSeconds());
      out.writeEndObject();
    } else {
      out.writeNullField("certificate");
    }
    out.writeEndObject();
  }

  private static void write(Rendezvous rendezvous, JsonGenerator out) throws IOException {
    NodeCounts counts = rendezvous.counts();
    out.writeObjectFieldStart("rendezvous");
    out.writeStringField("id", rendezvous.id().toString());
    out.writeNumberField("connections", counts.connections());
    out.writeNumberField("peers", counts.peers());
    out.writeNumberField("records", counts.records());
    out.writeNumberField("nodes", counts.nodes());
    out.writeNumberField("signalsDelivered", counts.signalsDelivered());
    out.writeNumberField("signalsRefused", counts.signalsRefused());
    out.writeNumberField("proofsFailed", counts.proofsFailed());
    out.writeNumberField("refused", counts.refused());
    out.writeNumberField("malformed", counts.malformed());
    out.writeEndObject();
  }

  private static void write(Relay relay, JsonGenerator out) throws IOException {
    out.writeObjectFieldStart("relay");
    out.writeStringField("realm", relay.realm());
    out.writeArrayFieldStart("addresses");
    for (PortUse use : relay.ports()) {
      out.writeStartObject();
      out.writeStringField("announced", IpLiterals.format(use.address().announced(), false));
      out.writeStringField("local", IpLiterals.format(use.address().local(), false));
      out.writeNumberField("ports", use.all());
      out.writeNumberField("portsTaken", use.taken());
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeNumberField("allocations", relay.standing());
    out.writeObjectFieldStart("counts");
    for (Map.Entry<TurnCount, Long> entry : relay.counts().entrySet()) {
      out.writeNumberField(entry.getKey().label(), entry.getValue());
    }
    out.writeEndObject();
    out.writeObjectFieldStart("refusals");
    for (Map.Entry<Integer, Long> entry : relay.refusals().entrySet()) {
      out.writeNumberField(Integer.toString(entry.getKey()), entry.getValue());
    }
    out.writeEndObject();
    out.writeEndObject();
  }
}

package dev.culvert.cli.node.manage;

import dev.culvert.sansio.Transport;
import dev.culvert.transport.server.ServerCount;
import dev.culvert.transport.server.StunServer;
import dev.culvert.turn.server.AllocationKind;
import dev.culvert.turn.server.PortUse;
import dev.culvert.turn.server.TurnCount;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * A node's metrics in the form that Prometheus reads; docs/metrics.md lists them. No label has
 * users or addresses in it, and none more values than this class names. Safe for every thread.
 */
final class Metrics implements AutoCloseable {
  static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  /** What a relay refuses requests with; anything else counts as {@code other}. */
  private static final List<Integer> CODES =
      List.of(300, 400, 403, 405, 420, 437, 440, 441, 442, 443, 446, 447, 486, 500, 508);

  private static final Set<ServerCount> CLOSED =
      EnumSet.of(ServerCount.CONNECTIONS_BROKEN, ServerCount.CONNECTIONS_IDLE);

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collections = new JvmGcMetrics();
  private final NodeFacts facts;
  private final StunServer server;

  /** Of a node that started at {@code start}. */
  Metrics(NodeFacts facts, Instant start) {
    this.facts = facts;
    server = facts.server();
    node(start);
    for (ServerCount count : ServerCount.values()) {
      server(count);
    }
    if (facts.relay().isPresent()) {
      for (TurnCount count : TurnCount.values()) {
        relay(count);
      }
      refusals();
      allocations();
      facts.relay().get().resources().ports().forEach(this::ports);
    }
    facts.rendezvous().ifPresent(its -> RendezvousMetrics.add(its, registry));
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    collections.bindTo(registry);
  }

  /** All of them now. */
  String text() {
    return registry.scrape(CONTENT_TYPE);
  }

  @Override
  public void close() {
    collections.close();
    registry.close();
  }

  private void node(Instant start) {
    gauge(
        "culvert.build.info",
        Tags.of("version", facts.version()),
        "Always 1; the label tells the version",
        of -> 1);
    gauge(
        "culvert.uptime.seconds",
        Tags.empty(),
        "Since the start",
        of -> Duration.between(start, facts.clock().instant()).toMillis() / 1e3);
    gauge(
        "culvert.draining",
        Tags.empty(),
        "1 from the moment that the node takes leave",
        of -> of.supervision().isDraining() ? 1 : 0);
    gauge("culvert.connections", Tags.empty(), "Open TCP and TLS ones", StunServer::connections);
    if (facts.certificate().get().isPresent()) {
      gauge(
          "culvert.certificate.expiry.timestamp.seconds",
          Tags.empty(),
          "When the certificate ends, in seconds since 1970",
          of ->
              facts
                  .certificate()
                  .get()
                  .map(X509Certificate::getNotAfter)
                  .map(end -> end.toInstant().getEpochSecond())
                  .orElse(0L));
    }
  }

  private void server(ServerCount count) {
    String label = count.label();
    ToDoubleFunction<StunServer> value = of -> of.count(count);
    if (label.endsWith("-answered")) {
      Tags transport = Tags.of("transport", label.substring(0, label.indexOf('-')));
      counter("culvert.stun.answered", transport, "Binding requests answered", value);
    } else if (label.startsWith("dropped-")) {
      counter("culvert.dropped", reason(label), "What came and was not answered, by reason", value);
    } else if (CLOSED.contains(count)) {
      Tags reason = Tags.of("reason", label.substring(label.indexOf('-') + 1));
      counter("culvert.connections.closed", reason, "Connections that the node ended", value);
    } else if (count == ServerCount.CONNECTIONS) {
      counter("culvert.connections.accepted", Tags.empty(), "Connections taken", value);
    } else if (count == ServerCount.RELAY) {
      counter("culvert.relay.messages", Tags.empty(), "What was handed to the relay", value);
    } else {
      String name = "culvert." + label.replace('-', '.');
      counter(name, Tags.empty(), words(label), value);
    }
  }

  private static String words(String label) {
    return Character.toUpperCase(label.charAt(0)) + label.substring(1).replace('-', ' ');
  }

  private static Tags reason(String label) {
    return Tags.of("reason", label.substring("dropped-".length()).replace('-', '_'));
  }

  private void relay(TurnCount count) {
    ToDoubleFunction<StunServer> value = of -> of.relayCounts().getOrDefault(count, 0L);
    switch (count) {
      case ALLOCATIONS ->
          counter("culvert.relay.allocations.made", Tags.empty(), "Allocations made", value);
      case ALLOCATIONS_ENDED ->
          counter("culvert.relay.allocations.ended", Tags.empty(), "Allocations ended", value);
      case REQUESTS_DONE -> request("done", value);
      case REQUESTS_REFUSED -> request("refused", value);
      case CHALLENGES -> request("challenged", value);
      case CHALLENGES_DROPPED -> request("unanswered", value);
      case TO_PEERS, TO_CLIENTS ->
          counter(
              "culvert.relay.datagrams",
              direction(count),
              "Datagrams relayed, by direction",
              value);
      case TO_PEERS_BYTES, TO_CLIENTS_BYTES ->
          counter("culvert.relay.bytes", direction(count), "Payload relayed, by direction", value);
      default -> {
        String label = count.label();
        if (label.startsWith("dropped-")) {
          counter("culvert.relay.dropped", reason(label), "Data not relayed, by reason", value);
        } else {
          String name = "culvert.relay." + label.replace('-', '.');
          counter(name, Tags.empty(), words(label), value);
        }
      }
    }
  }

  private void request(String result, ToDoubleFunction<StunServer> value) {
    Tags tags = Tags.of("result", result);
    counter("culvert.relay.requests", tags, "Requests to the relay, by what came of them", value);
  }

  private static Tags direction(TurnCount count) {
    boolean toPeers = count == TurnCount.TO_PEERS || count == TurnCount.TO_PEERS_BYTES;
    return Tags.of("direction", toPeers ? "to_peers" : "to_clients");
  }

  private void refusals() {
    String help = "Requests refused, by the error code that was told";
    for (int code : CODES) {
      counter(
          "culvert.relay.refusals",
          Tags.of("code", Integer.toString(code)),
          help,
          of -> of.supervision().refusals().getOrDefault(code, 0L));
    }
    counter(
        "culvert.relay.refusals",
        Tags.of("code", "other"),
        help,
        of ->
            of.supervision().refusals().entrySet().stream()
                .filter(entry -> !CODES.contains(entry.getKey()))
                .mapToLong(Map.Entry::getValue)
                .sum());
  }

  private void allocations() {
    for (AllocationKind kind : server.supervision().allocationKinds().keySet()) {
      gauge(
          "culvert.relay.allocations",
          Tags.of("transport", name(kind.client()), "family", family(kind)),
          "Allocations that stand, by the client's transport and the relayed addresses' IP version",
          of -> of.supervision().allocationKinds().getOrDefault(kind, 0L));
    }
  }

  static String name(Transport transport) {
    return transport.name().toLowerCase(Locale.ROOT);
  }

  static String family(AllocationKind kind) {
    return kind.ipv4() && kind.ipv6() ? "both" : kind.ipv4() ? "ipv4" : "ipv6";
  }

  private void ports(PortUse use) {
    boolean ipv4 = use.address().isIpv4();
    Tags family = Tags.of("family", ipv4 ? "ipv4" : "ipv6");
    gauge("culvert.relay.ports", family, "Ports to relay on", of -> use.all());
    gauge(
        "culvert.relay.ports.taken",
        family,
        "Those of them that somebody has or has reserved",
        of -> taken(ipv4));
  }

  private int taken(boolean ipv4) {
    return facts.relay().stream()
        .flatMap(relay -> relay.resources().ports().stream())
        .filter(use -> use.address().isIpv4() == ipv4)
        .mapToInt(PortUse::taken)
        .sum();
  }

  private void counter(String name, Tags tags, String help, ToDoubleFunction<StunServer> value) {
    FunctionCounter.builder(name, server, value).tags(tags).description(help).register(meters());
  }

  private void gauge(String name, Tags tags, String help, ToDoubleFunction<StunServer> value) {
    Gauge.builder(name, server, value).tags(tags).description(help).register(meters());
  }

  private MeterRegistry meters() {
    return registry;
  }
}

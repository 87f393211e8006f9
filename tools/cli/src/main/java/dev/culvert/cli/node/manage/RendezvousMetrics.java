package dev.culvert.cli.node.manage;

import dev.culvert.rendezvous.node.NodeCounts;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.function.ToDoubleFunction;

/** The metrics of a rendezvous. */
final class RendezvousMetrics {
  private final NodeFacts.RendezvousFacts facts;
  private final MeterRegistry meters;

  private RendezvousMetrics(NodeFacts.RendezvousFacts facts, MeterRegistry meters) {
    this.facts = facts;
    this.meters = meters;
  }

  static void add(NodeFacts.RendezvousFacts facts, MeterRegistry meters) {
    RendezvousMetrics metrics = new RendezvousMetrics(facts, meters);
    metrics.gauge(
        "connections",
        "Connections, of peers that have proven a key or not yet",
        NodeCounts::connections);
    metrics.gauge("peers", "Peers connected", NodeCounts::peers);
    metrics.gauge("records", "Peers that can be found", NodeCounts::records);
    metrics.gauge(
        "nodes", "Other nodes that are told of, beside those that options name", NodeCounts::nodes);
    metrics.counter(
        "proofs.failed", Tags.empty(), "Signatures that did not hold", NodeCounts::proofsFailed);
    String signals = "Messages between peers, by what came of them";
    metrics.counter(
        "signals", Tags.of("result", "delivered"), signals, NodeCounts::signalsDelivered);
    metrics.counter("signals", Tags.of("result", "refused"), signals, NodeCounts::signalsRefused);
    metrics.counter(
        "refused",
        Tags.empty(),
        "Connections and requests turned away for a limit",
        NodeCounts::refused);
    metrics.counter("malformed", Tags.empty(), "Messages that were none", NodeCounts::malformed);
  }

  private void gauge(String name, String help, ToDoubleFunction<NodeCounts> value) {
    Gauge.builder("culvert.rendezvous." + name, facts, of -> value.applyAsDouble(of.latest()))
        .description(help)
        .strongReference(true)
        .register(meters);
  }

  private void counter(String name, Tags tags, String help, ToDoubleFunction<NodeCounts> value) {
    FunctionCounter.builder(
            "culvert.rendezvous." + name, facts, of -> value.applyAsDouble(of.latest()))
        .tags(tags)
        .description(help)
        .register(meters);
  }
}

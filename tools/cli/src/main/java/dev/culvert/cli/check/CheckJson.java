package dev.culvert.cli.check;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.culvert.detect.Finding;
import dev.culvert.detect.IpFamily;
import dev.culvert.detect.NatReport;
import dev.culvert.detect.PathReport;
import dev.culvert.detect.PortAllocation;
import dev.culvert.detect.PortAllocation.Pattern;
import dev.culvert.detect.ServerReport;
import dev.culvert.detect.Verdict;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.TransportAddress;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Writes {@code culvert.check/1}. It grows only by addition. {@code null} says that something was
 * not measured; the string {@code unknown} that it was, without an answer, and {@code reasons}
 * tells why.
 */
final class CheckJson {
  private final JsonGenerator out;

  CheckJson(JsonGenerator out) {
    this.out = out;
  }

  void write(CheckView view) throws IOException {
    NatReport report = view.report();
    out.writeStartObject();
    out.writeStringField("schema", "culvert.check/1");
    verdict(view.verdict());
    FindingFields fields = new FindingFields(out);
    fields.text("udp", report.udp());
    family("ipv4", report.path(IpFamily.IPV4));
    family("ipv6", report.path(IpFamily.IPV6));
    out.writeArrayFieldStart("servers");
    for (ServerReport server : ServerRows.of(report)) {
      server(server);
    }
    out.writeEndArray();
    out.writeNumberField("elapsedMillis", report.elapsed().toMillis());
    fields.reasons();
    if (Stream.of(IpFamily.values()).anyMatch(family -> hasSeveral(report, family))) {
      paths(report.paths());
    }
    out.writeEndObject();
  }

  private static boolean hasSeveral(NatReport report, IpFamily family) {
    return report.paths().stream().filter(path -> path.family() == family).count() > 1;
  }

  private void verdict(Verdict verdict) throws IOException {
    out.writeObjectFieldStart("verdict");
    out.writeStringField("grade", verdict.grade().toString());
    out.writeStringField("summary", verdict.summary());
    out.writeArrayFieldStart("actions");
    for (String action : verdict.actions()) {
      out.writeString(action);
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  /** Every path on its own, for hosts that were looked at from several addresses. */
  private void paths(List<PathReport> paths) throws IOException {
    out.writeArrayFieldStart("paths");
    for (PathReport path : paths) {
      path(path);
    }
    out.writeEndArray();
  }

  private void family(String name, Optional<PathReport> path) throws IOException {
    out.writeFieldName(name);
    if (path.isPresent()) {
      path(path.get());
    } else {
      out.writeNull();
    }
  }

  private void path(PathReport path) throws IOException {
    FindingFields fields = new FindingFields(out);
    out.writeStartObject();
    fields.text("local", path.local());
    fields.text("reflexive", path.reflexive());
    fields.flag("nat", path.nat());
    fields.flag("firewall", path.firewall());
    fields.number("layers", path.layers());
    fields.text("mapping", path.mapping());
    fields.text("filtering", path.filtering());
    ports(path.ports(), fields);
    fields.text("hairpinning", path.hairpinning().map(yes -> yes ? "yes" : "no"));
    fields.number("lifetimeSeconds", path.lifetime().map(Duration::toSeconds));
    fields.name("family", path.family().toString());
    fields.name("interface", path.label());
    fields.text("udp", path.udp());
    fields.flag("tcp", path.tcp());
    fields.flag("tls", path.tls());
    fields.flag("pairedAddress", path.pairedAddress());
    fields.flag("lifetimeOutlastsTest", path.outlivesTest());
    fields.flag("payloadRewriting", path.payloadRewriting());
    fields.flag("largeRequests", path.largeRequests());
    fields.flag("fragmentedRequests", path.fragmentedRequests());
    fields.text("gatewayAddress", path.gatewayAddress().map(ip -> IpLiterals.format(ip, false)));
    fields.reasons();
    out.writeEndObject();
  }

  private void ports(Finding<PortAllocation> ports, FindingFields fields) throws IOException {
    out.writeObjectFieldStart("ports");
    fields.text("pattern", "ports", ports.map(PortAllocation::pattern));
    out.writeFieldName("step");
    Optional<Integer> step =
        ports
            .value()
            .filter(found -> found.pattern() == Pattern.SEQUENTIAL)
            .map(PortAllocation::step);
    if (step.isPresent()) {
      out.writeNumber(step.get());
    } else {
      out.writeNull();
    }
    out.writeEndObject();
  }

  private void server(ServerReport server) throws IOException {
    FindingFields fields = new FindingFields(out);
    out.writeStartObject();
    out.writeStringField(
        "address", server.address().map(TransportAddress::toString).orElse(server.name()));
    fields.number("rttMillis", server.roundTrip().map(CheckJson::millis));
    fields.text("rfc5780", server.rfc5780());
    out.writeStringField("name", server.name());
    fields.optional("alternate", server.alternate());
    fields.optional("note", server.note());
    fields.reasons();
    out.writeEndObject();
  }

  /** Milliseconds with one decimal. */
  static BigDecimal millis(Duration duration) {
    return BigDecimal.valueOf(duration.toNanos(), 6).setScale(1, RoundingMode.HALF_UP);
  }
}

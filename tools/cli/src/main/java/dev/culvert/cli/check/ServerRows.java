package dev.culvert.cli.check;

import dev.culvert.detect.NatReport;
import dev.culvert.detect.ServerReport;
import dev.culvert.sansio.TransportAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Each server once, although a report lists it for every path; the quickest comes first. */
final class ServerRows {
  private ServerRows() {}

  static List<ServerReport> of(NatReport report) {
    Map<String, ServerReport> best = new LinkedHashMap<>();
    for (ServerReport server : report.servers()) {
      String key = server.address().map(TransportAddress::toString).orElse(server.name());
      best.merge(key, server, (a, b) -> evidence(b) > evidence(a) ? b : a);
    }
    List<ServerReport> rows = new ArrayList<>(best.values());
    rows.sort(
        Comparator.comparing(server -> server.roundTrip().value().orElse(Duration.ofDays(1))));
    return rows;
  }

  private static int evidence(ServerReport server) {
    return (server.roundTrip().value().isPresent() ? 1 : 0)
        + (server.rfc5780().value().isPresent() ? 1 : 0);
  }
}

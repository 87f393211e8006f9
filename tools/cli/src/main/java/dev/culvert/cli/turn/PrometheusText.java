package dev.culvert.cli.turn;

import dev.culvert.cli.turn.WayResult.Outcome;
import dev.culvert.sansio.IpLiterals;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Results in Prometheus' text format 0.0.4, for the textfile collector of node_exporter. There are
 * as many series as ways were asked for: labels come from the command line, never from the network.
 */
final class PrometheusText {
  private final List<WayResult> results;
  private final List<String> lines = new ArrayList<>();

  private PrometheusText(List<WayResult> results) {
    this.results = results.stream().filter(one -> one.outcome() != Outcome.SKIP).toList();
  }

  /**
   * The text, without a final line break.
   *
   * @param expiry when the credentials end; empty if they do not
   * @param took how long the test took
   */
  static String of(
      List<WayResult> results, boolean passed, Optional<Instant> expiry, Duration took) {
    PrometheusText text = new PrometheusText(results);
    text.single("success", "Whether every way that must work does.", passed ? "1" : "0");
    text.single("duration_seconds", "How long the test took.", Words.seconds(took).toString());
    if (expiry.isPresent()) {
      text.single(
          "credential_expiry_timestamp_seconds",
          "When the credentials end, in seconds since 1970.",
          Long.toString(expiry.get().getEpochSecond()));
    }
    text.ways();
    return String.join("\n", text.lines);
  }

  private void ways() {
    each(
        "up",
        "Whether datagrams go through the relay and back.",
        result -> Optional.of(result.outcome() == Outcome.PASS ? BigDecimal.ONE : BigDecimal.ZERO));
    each(
        "allocate_seconds",
        "From the first packet to the allocation.",
        result -> result.allocation().map(given -> Words.seconds(given.took())));
    each("round_trip_min_seconds", "The fastest round trip.", trip(EchoFigures::fastest));
    each("round_trip_median_seconds", "The median round trip.", trip(EchoFigures::median));
    each("round_trip_max_seconds", "The slowest round trip.", trip(EchoFigures::slowest));
    each(
        "loss_ratio",
        "The share of datagrams that did not come back.",
        result ->
            result
                .echo()
                .map(echo -> BigDecimal.valueOf(echo.figures().lossPercent()).movePointLeft(2)));
    each(
        "throughput_bits_per_second",
        "What the relay carried in each direction.",
        result -> result.throughput().map(its -> BigDecimal.valueOf(its.bitsPerSecond())));
  }

  private static Function<WayResult, Optional<BigDecimal>> trip(
      Function<EchoFigures, Optional<Duration>> which) {
    return result -> result.echo().flatMap(echo -> which.apply(echo.figures())).map(Words::seconds);
  }

  private void head(String name, String help) {
    lines.add("# HELP culvert_turn_" + name + " " + help);
    lines.add("# TYPE culvert_turn_" + name + " gauge");
  }

  private void single(String name, String help, String value) {
    head(name, help);
    lines.add("culvert_turn_" + name + " " + value);
  }

  private void each(String name, String help, Function<WayResult, Optional<BigDecimal>> value) {
    if (results.stream().noneMatch(result -> value.apply(result).isPresent())) {
      return;
    }
    head(name, help);
    for (WayResult result : results) {
      value
          .apply(result)
          .ifPresent(
              number ->
                  lines.add(
                      "culvert_turn_" + name + labels(result) + " " + number.toPlainString()));
    }
  }

  /** Hosts and numbers need no escapes. */
  private static String labels(WayResult result) {
    String host =
        IpLiterals.parse(result.uri().host())
            .map(ip -> IpLiterals.format(ip, true))
            .orElse(result.uri().host());
    int port = result.uri().port().orElse(result.uri().scheme().defaultPort());
    return "{server=\""
        + host
        + ":"
        + port
        + "\",transport=\""
        + Words.lower(result.transport())
        + "\",family=\""
        + Words.lower(result.family())
        + "\",relayed_family=\""
        + result.relayedFamily().map(Words::lower).orElse("")
        + "\"}";
  }
}

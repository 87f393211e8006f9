package dev.culvert.cli.server;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.culvert.cli.ExitCode;
import dev.culvert.cli.Mark;
import dev.culvert.cli.Style;
import dev.culvert.cli.Table;
import dev.culvert.cli.View;
import dev.culvert.cli.server.ProbeResult.Outcome;
import dev.culvert.cli.server.Rfc5780Support.State;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * A list of servers, vetted.
 *
 * @param rows in the order of the list
 */
record ServersView(List<Row> rows) implements View {

  /**
   * One server over one family.
   *
   * @param name as the list has it
   * @param result what it answered over UDP; empty if its name leads nowhere
   * @param fault why its name leads nowhere, otherwise empty
   */
  record Row(String name, Optional<ProbeResult> result, String fault) {
    boolean isReachable() {
      return result.filter(answer -> answer.outcome() == Outcome.PASS).isPresent();
    }

    State rfc5780() {
      return result.flatMap(ProbeResult::rfc5780).map(Rfc5780Support::state).orElse(State.UNKNOWN);
    }

    String note() {
      String reason = result.map(ProbeResult::reason).orElse(fault);
      return result.flatMap(ProbeResult::rfc5780).flatMap(Rfc5780Support::note).orElse(reason);
    }
  }

  ServersView {
    rows = List.copyOf(rows);
  }

  /** Silent servers weigh more than dishonest ones. */
  ExitCode exitCode() {
    if (rows.stream().anyMatch(row -> row.result().isEmpty())) {
      return ExitCode.UNREACHABLE;
    }
    Optional<ExitCode> failure =
        rows.stream()
            .flatMap(row -> row.result().stream())
            .map(ProbeResult::failure)
            .filter(code -> code != ExitCode.OK)
            .findFirst();
    boolean dishonest = rows.stream().anyMatch(row -> row.rfc5780() == State.DISHONEST);
    return failure.orElse(dishonest ? ExitCode.INCONCLUSIVE : ExitCode.OK);
  }

  @Override
  public String text(Style style) {
    Table table = new Table(style);
    for (Row row : rows) {
      Mark mark =
          !row.isReachable() ? Mark.BAD : row.rfc5780() == State.DISHONEST ? Mark.FAIR : Mark.GOOD;
      table.row(
          mark,
          row.name(),
          row.result().flatMap(ProbeResult::server).map(Object::toString).orElse("-"),
          row.isReachable() ? "answers" : "silent",
          row.result()
              .flatMap(ProbeResult::roundTrip)
              .map(trip -> StunView.millis(trip) + " ms")
              .orElse("-"),
          row.isReachable() ? "RFC 5780: " + StunView.lower(row.rfc5780()) : "-",
          row.note());
    }
    return table.toString();
  }

  @Override
  public void write(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("schema", "culvert.servers/1");
    out.writeArrayFieldStart("servers");
    for (Row row : rows) {
      out.writeStartObject();
      out.writeStringField("name", row.name());
      out.writeBooleanField("reachable", row.isReachable());
      if (row.result().isPresent()) {
        StunView.write(out, row.result().get());
      } else {
        out.writeStringField("reason", row.fault());
      }
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeEndObject();
  }
}

package dev.culvert.cli.server;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.culvert.cli.ExitCode;
import dev.culvert.cli.Mark;
import dev.culvert.cli.Style;
import dev.culvert.cli.Table;
import dev.culvert.cli.View;
import dev.culvert.cli.server.ProbeResult.Outcome;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What one server answered, a line for each transport and family.
 *
 * @param server as people wrote it
 * @param results in the order asked
 * @param allDemanded whether every transport was asked for by name, so that each must work
 */
record StunView(String server, List<ProbeResult> results, boolean allDemanded) implements View {

  StunView {
    results = List.copyOf(results);
  }

  /** The first failure where all must work; otherwise only if nothing works. */
  ExitCode exitCode() {
    boolean any = results.stream().anyMatch(result -> result.outcome() == Outcome.PASS);
    Optional<ExitCode> failure =
        results.stream().map(ProbeResult::failure).filter(code -> code != ExitCode.OK).findFirst();
    if (any) {
      return allDemanded ? failure.orElse(ExitCode.OK) : ExitCode.OK;
    }
    return failure.orElse(ExitCode.NO_NETWORK);
  }

  @Override
  public String text(Style style) {
    Table table = new Table(style);
    for (ProbeResult result : results) {
      List<String> said = new ArrayList<>();
      result.reflexive().ifPresent(ip -> said.add("you are " + ip));
      result.roundTrip().ifPresent(trip -> said.add(millis(trip) + " ms"));
      result.rfc5780().ifPresent(support -> said.add(words(support)));
      result.software().ifPresent(software -> said.add("\"" + software + "\""));
      if (!result.reason().isEmpty()) {
        said.add(result.reason());
      }
      Mark mark =
          switch (result.outcome()) {
            case PASS -> Mark.GOOD;
            case FAIL -> Mark.BAD;
            case SKIP -> Mark.UNKNOWN;
          };
      table.row(
          mark,
          lower(result.transport()),
          result.family().toString(),
          lower(result.outcome()),
          result.server().map(Object::toString).orElse("-"),
          String.join(", ", said));
    }
    return table.toString();
  }

  static String words(Rfc5780Support support) {
    String state =
        switch (support.state()) {
          case YES -> "RFC 5780";
          case NO -> "no RFC 5780";
          case DISHONEST -> "RFC 5780 dishonest";
          case UNKNOWN -> "RFC 5780 unknown";
        };
    return state + support.note().map(note -> " (" + note + ")").orElse("");
  }

  @Override
  public void write(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("schema", "culvert.stun/1");
    out.writeStringField("server", server);
    out.writeArrayFieldStart("results");
    for (ProbeResult result : results) {
      out.writeStartObject();
      write(out, result);
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  /** Writes the fields of a result into the object that was begun. */
  static void write(JsonGenerator out, ProbeResult result) throws IOException {
    out.writeStringField("transport", lower(result.transport()));
    out.writeStringField("family", lower(result.family()));
    out.writeStringField("result", lower(result.outcome()));
    optional(out, "address", result.server());
    optional(out, "local", result.local());
    optional(out, "reflexive", result.reflexive());
    out.writeFieldName("rttMillis");
    if (result.roundTrip().isPresent()) {
      out.writeNumber(millis(result.roundTrip().get()));
    } else {
      out.writeNull();
    }
    optional(out, "software", result.software());
    optional(out, "rfc5780", result.rfc5780().map(support -> lower(support.state())));
    optional(out, "alternate", result.rfc5780().flatMap(Rfc5780Support::alternate));
    optional(out, "note", result.rfc5780().flatMap(Rfc5780Support::note));
    optional(out, "reason", Optional.of(result.reason()).filter(reason -> !reason.isEmpty()));
  }

  static void optional(JsonGenerator out, String name, Optional<?> value) throws IOException {
    out.writeFieldName(name);
    if (value.isPresent()) {
      out.writeString(value.get().toString());
    } else {
      out.writeNull();
    }
  }

  static String lower(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT);
  }

  static BigDecimal millis(Duration duration) {
    return BigDecimal.valueOf(duration.toNanos(), 6).setScale(1, RoundingMode.HALF_UP);
  }
}

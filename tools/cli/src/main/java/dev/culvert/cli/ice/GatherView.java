package dev.culvert.cli.ice;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.culvert.cli.ExitCode;
import dev.culvert.cli.Mark;
import dev.culvert.cli.Style;
import dev.culvert.cli.Table;
import dev.culvert.cli.View;
import dev.culvert.ice.Candidate;
import dev.culvert.ice.IcePolicy;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.session.LeftOut;
import dev.culvert.session.LocalAddress;
import dev.culvert.session.SessionEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The candidates of this host; its JSON is {@code culvert.ice-gather/1}, which grows only by
 * addition.
 *
 * @param plan what was asked for
 * @param run what came of it
 */
record GatherView(PeerPlan plan, GatherRun run) implements View {

  /** By whether there is anything to tell a peer. */
  ExitCode exitCode() {
    if (run.rows().stream().anyMatch(this::isTold)) {
      return ExitCode.OK;
    }
    return plan.policy() == IcePolicy.RELAY_ONLY ? ExitCode.UNREACHABLE : ExitCode.NO_NETWORK;
  }

  private boolean isTold(GatherRun.Row row) {
    return plan.policy().allowsLocal(row.gathered().candidate().type());
  }

  @Override
  public String text(Style style) {
    List<String> parts = new ArrayList<>();
    if (!run.rows().isEmpty()) {
      parts.add(candidates(style));
    }
    Table notes = new Table(style);
    boolean any = false;
    for (ServerVerdict verdict : ServerVerdict.of(plan, run)) {
      notes.row(verdict.mark(), verdict.server(), verdict.words());
      any = true;
    }
    for (SessionEvent.NotBound each : run.unbound()) {
      notes.row(Mark.BAD, ip(each.address()), "not used: " + each.reason());
      any = true;
    }
    for (LeftOut each : plan.leftOut()) {
      notes.row(Mark.UNKNOWN, ip(each.address()), "left out: " + each.reason().words());
      any = true;
    }
    if (any) {
      parts.add(notes.toString());
    }
    return String.join(System.lineSeparator(), parts);
  }

  private String candidates(Style style) {
    Table table = new Table(style);
    for (GatherRun.Row row : run.rows()) {
      Candidate candidate = row.gathered().candidate();
      table.row(
          isTold(row) ? Mark.GOOD : Mark.UNKNOWN,
          Say.millis(row.at()) + " ms",
          candidate.type().word(),
          Say.protocol(candidate),
          Say.address(candidate),
          String.valueOf(candidate.priority()),
          row.gathered().server().orElse("-") + (isTold(row) ? "" : " (the policy leaves it out)"));
    }
    return table.toString();
  }

  private static String ip(LocalAddress address) {
    String ip = IpLiterals.format(address.ip(), false);
    return address.interfaceName().isEmpty() ? ip : address.interfaceName() + " " + ip;
  }

  @Override
  public void write(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("schema", "culvert.ice-gather/1");
    out.writeStringField("policy", PolicyConverter.word(plan.policy()));
    out.writeNumberField("tookMillis", Say.number(run.took()));
    out.writeArrayFieldStart("candidates");
    for (GatherRun.Row row : run.rows()) {
      Candidate candidate = row.gathered().candidate();
      out.writeStartObject();
      out.writeNumberField("atMillis", Say.number(row.at()));
      out.writeStringField("type", candidate.type().word());
      out.writeStringField("protocol", Say.protocol(candidate));
      out.writeStringField("address", Say.address(candidate));
      out.writeNumberField("priority", candidate.priority());
      out.writeStringField("foundation", candidate.foundation());
      out.writeStringField("local", row.gathered().base().address().toString());
      Say.optional(out, "server", row.gathered().server());
      out.writeBooleanField("told", isTold(row));
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeArrayFieldStart("servers");
    for (ServerVerdict verdict : ServerVerdict.of(plan, run)) {
      verdict.write(out);
    }
    out.writeEndArray();
    out.writeArrayFieldStart("leftOut");
    for (LeftOut each : plan.leftOut()) {
      leftOut(out, each.address(), each.reason().words());
    }
    for (SessionEvent.NotBound each : run.unbound()) {
      leftOut(out, each.address(), each.reason());
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  private static void leftOut(JsonGenerator out, LocalAddress address, String reason)
      throws IOException {
    out.writeStartObject();
    out.writeStringField("address", IpLiterals.format(address.ip(), false));
    Say.optional(
        out, "interface", Optional.of(address.interfaceName()).filter(name -> !name.isEmpty()));
    out.writeStringField("reason", reason);
    out.writeEndObject();
  }
}

package dev.culvert.cli.ice;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.culvert.cli.Mark;
import dev.culvert.session.NamedServer;
import dev.culvert.session.Relay;
import dev.culvert.session.SessionEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How a server or relay did.
 *
 * @param server its name
 * @param took until its first answer; empty if none came in time
 * @param slow whether others were much quicker
 * @param reason why it was of no use, one line; empty if it was
 */
record ServerVerdict(String server, Optional<Duration> took, boolean slow, String reason) {
  /** So much more than the quickest one is slow. */
  private static final Duration SLOW = Duration.ofMillis(500);

  /** All of a plan: STUN servers, relays, then those without an address. */
  static List<ServerVerdict> of(PeerPlan plan, GatherRun run) {
    Set<String> names = new LinkedHashSet<>();
    plan.config().servers().stream().map(NamedServer::name).forEach(names::add);
    plan.config().relays().stream().map(Relay::name).forEach(names::add);
    Optional<Duration> quickest =
        names.stream().flatMap(name -> took(name, run).stream()).min(Duration::compareTo);
    List<ServerVerdict> all = new ArrayList<>();
    for (String name : names) {
      Optional<Duration> took = took(name, run);
      boolean slow =
          took.filter(its -> its.minus(quickest.orElse(its)).compareTo(SLOW) > 0).isPresent();
      String reason =
          run.silent().stream()
              .filter(each -> each.server().equals(name))
              .map(SessionEvent.NotFound::reason)
              .findFirst()
              .orElse("no answer in time");
      all.add(new ServerVerdict(name, took, slow, took.isPresent() ? "" : reason));
    }
    for (ServerNames.Missing each : plan.missing()) {
      all.add(new ServerVerdict(each.server(), Optional.empty(), false, each.reason()));
    }
    return all;
  }

  private static Optional<Duration> took(String name, GatherRun run) {
    return run.seen().stream()
        .filter(answer -> answer.server().equals(name))
        .map(SessionEvent.Seen::took)
        .min(Duration::compareTo);
  }

  Mark mark() {
    return took.isEmpty() ? Mark.BAD : slow ? Mark.FAIR : Mark.GOOD;
  }

  String words() {
    return took.map(its -> (slow ? "slow: " : "answered in ") + Say.millis(its) + " ms")
        .orElse("of no use: " + reason);
  }

  void write(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("server", server);
    out.writeFieldName("tookMillis");
    if (took.isPresent()) {
      out.writeNumber(Say.number(took.get()));
    } else {
      out.writeNull();
    }
    out.writeBooleanField("slow", slow);
    Say.optional(out, "reason", Optional.of(reason).filter(text -> !text.isEmpty()));
    out.writeEndObject();
  }
}

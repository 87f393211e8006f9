package dev.culvert.cli.ice.drive;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.culvert.ice.Candidate;
import dev.culvert.ice.ComponentId;
import dev.culvert.ice.IceEvent;
import dev.culvert.ice.engine.ConnectionEvent;
import dev.culvert.ice.engine.IceConnection;
import dev.culvert.ice.text.CandidateText;
import dev.culvert.ice.text.IceDescription;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

/**
 * A connection as the other program sees it: its description comes first, a generation is told
 * once, and no candidate that stands in a description comes again. Safe for any thread.
 */
final class Driven {
  private final String id;
  private final Events events;
  private final List<ConnectionEvent> early = new ArrayList<>();
  private final Set<String> told = new HashSet<>();
  private Optional<IceConnection> connection = Optional.empty();
  private Optional<String> generation = Optional.empty();
  private boolean over;

  Driven(String id, Events events) {
    this.id = id;
    this.events = events;
  }

  /** The connection, once it is open. */
  synchronized IceConnection connection() {
    return connection.orElseThrow();
  }

  /** It is open. */
  void opened(IceConnection fresh) {
    synchronized (this) {
      connection = Optional.of(fresh);
    }
    promised(fresh.description(), (its, description) -> its.described("described", description));
  }

  /** Begins anew. */
  void restart() {
    promised(connection().restart(), (its, description) -> its.described("restarted", description));
  }

  /** Tells what became of the pairs. */
  void fates() {
    promised(
        connection().fates(),
        (its, fates) ->
            its.events.tell("fates", its.id, out -> EventJson.fates(out, "fates", fates)));
  }

  private <T> void promised(CompletableFuture<T> future, BiConsumer<Driven, T> then) {
    CompletableFuture<Void> unused =
        future.handle(
            (value, fault) -> {
              synchronized (this) {
                if (!over && fault != null) {
                  String reason = Order.shortened(String.valueOf(fault.getMessage()));
                  events.tell("error", id, out -> out.writeStringField("reason", reason));
                } else if (!over) {
                  then.accept(this, value);
                }
              }
              return null;
            });
  }

  private void described(String event, IceDescription description) {
    String its = description.parameters().credentials().ufrag();
    if (generation.filter(its::equals).isPresent()) {
      return;
    }
    generation = Optional.of(its);
    told.clear();
    describe(event, description);
    List<ConnectionEvent> waiting = List.copyOf(early);
    early.clear();
    waiting.forEach(this::take);
  }

  private void describe(String event, IceDescription description) {
    description.candidates().stream().map(CandidateText::format).forEach(told::add);
    events.tell(event, id, out -> EventJson.description(out, description));
  }

  /** What the connection tells. */
  synchronized void take(ConnectionEvent event) {
    if (over) {
      return;
    }
    if (event instanceof ConnectionEvent.Ice ice) {
      take(ice.event());
    } else if (generation.isEmpty()) {
      early.add(event);
    } else if (event instanceof ConnectionEvent.LocalCandidate local) {
      candidate(local.candidate());
    } else if (event instanceof ConnectionEvent.LocalCandidatesEnd end) {
      describe("end", end.description());
    } else if (event instanceof ConnectionEvent.Restarted restarted) {
      described("restarted", restarted.description());
    } else if (event instanceof ConnectionEvent.RestartAdvised advised) {
      events.tell("advised", id, out -> out.writeStringField("reason", advised.reason()));
    }
  }

  private void candidate(Candidate candidate) {
    String text = CandidateText.format(candidate);
    if (told.add(text)) {
      events.tell("candidate", id, out -> out.writeStringField("candidate", text));
    }
  }

  private void take(IceEvent event) {
    if (event instanceof IceEvent.StateChanged changed) {
      events.tell(
          "state", id, out -> out.writeStringField("state", EventJson.word(changed.state())));
    } else if (event instanceof IceEvent.PathChanged changed) {
      events.tell(
          "path",
          id,
          out -> {
            component(out, changed.path().component());
            EventJson.path(out, changed.path());
          });
    } else if (event instanceof IceEvent.PathLost lost) {
      events.tell("lost", id, out -> component(out, lost.component()));
    } else if (event instanceof IceEvent.Failed failed) {
      events.tell(
          "failed",
          id,
          out -> {
            out.writeStringField("cause", EventJson.word(failed.reason()));
            out.writeStringField("reason", failed.reason().words());
            EventJson.fates(out, "fates", failed.fates());
          });
    } else if (event instanceof IceEvent.Received received) {
      events.tellData(
          "received",
          id,
          out -> {
            component(out, received.component());
            out.writeStringField(
                "data", Base64.getEncoder().encodeToString(received.data().toByteArray()));
          });
    }
  }

  private static void component(JsonGenerator out, ComponentId component) throws IOException {
    if (!component.equals(ComponentId.ONLY)) {
      out.writeNumberField("stream", component.stream());
      out.writeNumberField("component", component.component());
    }
  }

  /** Ends it; nothing follows the event of that. */
  void close() {
    connection().close();
    synchronized (this) {
      over = true;
      events.tell("closed", id, out -> {});
    }
  }
}

package dev.culvert.bench.ice;

import dev.culvert.ice.IceConfig;
import dev.culvert.ice.IceEvent;
import dev.culvert.ice.IceRole;
import dev.culvert.ice.IceState;
import dev.culvert.ice.engine.ConnectionEvent;
import dev.culvert.ice.engine.IceConnection;
import dev.culvert.ice.engine.IceEngine;
import dev.culvert.ice.text.CandidateText;
import dev.culvert.ice.text.IceDescription;
import dev.culvert.ice.text.IceJson;
import dev.culvert.ice.text.IceTextException;
import dev.culvert.peer.SessionEngine;
import dev.culvert.sansio.Bytes;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * One side of connections, one after the other, each with an engine of its own.
 *
 * <p>Takes commands on standard input and tells on standard output, a line each; times are of the
 * system's monotonic clock, in nanoseconds. {@code open ROLE} begins, {@code remote DESCRIPTION}
 * takes the peer's, {@code prepare} begins to find candidates before that, {@code trickle
 * DESCRIPTION} as far as it is known, {@code stop} ends the data, {@code close} the connection.
 * {@code many COUNT ROLE} begins so many at once, {@code pair NUMBER DESCRIPTION} takes the peer's
 * of one of them.
 */
public final class IcePeer {
  private static final long GAP_MILLIS = 10;
  private static final Bytes DATUM = Bytes.utf8("a datagram of the application");

  private final Supplier<IceEngine> engines;
  private final PrintStream out;
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final List<IceEngine> open = new ArrayList<>();
  private final List<IceConnection> many = new ArrayList<>();
  private Optional<IceEngine> prepared = Optional.empty();
  private Optional<Attempt> attempt = Optional.empty();

  private IcePeer(Supplier<IceEngine> engines, PrintStream out) {
    this.engines = engines;
    this.out = out;
  }

  /**
   * Runs until standard input ends.
   *
   * @param arguments the engine, the address of this host, then where they are wanted the address
   *     of a STUN server, and user and password for it as a relay
   */
  public static void main(String[] arguments) throws IOException, IceTextException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    Engines engines = Engines.of(arguments);
    IcePeer peer = new IcePeer(engines::start, out);
    out.println("ready");
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        peer.take(line);
      }
    }
    peer.close();
    System.exit(0);
  }

  private void take(String line) throws IceTextException {
    int blank = line.indexOf(' ');
    String verb = blank < 0 ? line : line.substring(0, blank);
    String rest = blank < 0 ? "" : line.substring(blank + 1);
    switch (verb) {
      case "open" -> open(IceRole.valueOf(rest));
      case "prepare" -> prepare();
      case "many" -> many(rest.split(" ", 2));
      case "pair" -> pair(rest.split(" ", 2));
      case "remote" -> remote(connection(), IceJson.parse(rest));
      case "trickle" -> connection().remote(IceJson.parse(rest));
      case "candidate" -> connection().addRemote(CandidateText.parse(rest, 0).orElseThrow());
      case "end" -> connection().endRemote();
      case "stop" -> attempt.ifPresent(Attempt::stop);
      case "close" -> close();
      default -> throw new IllegalArgumentException(line);
    }
  }

  private IceConnection connection() {
    return attempt.orElseThrow().connection;
  }

  /** An engine of ours that knows its candidates when it is asked to connect. */
  private void prepare() {
    IceEngine engine = engines.get();
    if (engine instanceof SessionEngine ours) {
      ours.gather();
    }
    prepared = Optional.of(engine);
  }

  private void open(IceRole role) {
    IceEngine engine = prepared.orElseGet(engines);
    prepared = Optional.empty();
    open.add(engine);
    Attempt fresh = new Attempt(engine, role);
    attempt = Optional.of(fresh);
    tell("now", IceJson.format(fresh.connection.description().join()));
    var unused =
        fresh
            .connection
            .complete()
            .thenAccept(description -> tell("description", IceJson.format(description)));
  }

  private static void remote(IceConnection connection, IceDescription description) {
    connection.remote(description);
    connection.peerBegan();
  }

  private void many(String[] words) {
    IceEngine engine = engines.get();
    open.add(engine);
    int count = Integer.parseInt(words[0]);
    AtomicInteger completed = new AtomicInteger();
    for (int i = 0; i < count; i++) {
      IceConnection each =
          engine.open(
              IceConfig.standard(IceRole.valueOf(words[1])),
              event -> {
                if (isCompleted(event) && completed.incrementAndGet() == count) {
                  tell("many", Integer.toString(count));
                }
              });
      many.add(each);
      int number = i;
      var unused =
          each.complete()
              .thenAccept(description -> tell("one" + number, IceJson.format(description)));
    }
  }

  private static boolean isCompleted(ConnectionEvent event) {
    return event instanceof ConnectionEvent.Ice ice
        && ice.event() instanceof IceEvent.StateChanged changed
        && changed.state() == IceState.COMPLETED;
  }

  private void pair(String[] words) throws IceTextException {
    remote(many.get(Integer.parseInt(words[0])), IceJson.parse(words[1]));
  }

  private void close() {
    attempt.ifPresent(Attempt::stop);
    attempt = Optional.empty();
    open.forEach(IceEngine::close);
    open.clear();
    many.clear();
    tell("closed", "");
  }

  private void tell(String what, String more) {
    out.println(what + " " + System.nanoTime() + " " + more);
  }

  private final class Attempt {
    private final IceConnection connection;
    private boolean sending;
    private boolean stopped;
    private boolean heard;
    private int sent;

    Attempt(IceEngine engine, IceRole role) {
      connection = engine.open(IceConfig.standard(role), this::take);
    }

    private synchronized void take(ConnectionEvent event) {
      if (event instanceof ConnectionEvent.LocalCandidate found) {
        tell("candidate", CandidateText.format(found.candidate()));
      } else if (event instanceof ConnectionEvent.Ice ice) {
        take(ice.event());
      }
    }

    private void take(IceEvent event) {
      if (event instanceof IceEvent.PathChanged changed) {
        tell(
            "path",
            changed.path().local().type()
                + " "
                + changed.path().remote().type()
                + " "
                + changed.path().selected());
        if (!sending) {
          sending = true;
          send();
        }
      } else if (event instanceof IceEvent.Received && !heard) {
        heard = true;
        tell("heard", "");
      } else if (event instanceof IceEvent.StateChanged changed) {
        tell(changed.state() == IceState.COMPLETED ? "final" : "state", changed.state().name());
      }
    }

    private synchronized void send() {
      if (!stopped) {
        connection.send(DATUM);
        sent++;
        var unused = clock.schedule(this::send, GAP_MILLIS, TimeUnit.MILLISECONDS);
      }
    }

    private synchronized void stop() {
      if (!stopped) {
        stopped = true;
        tell("sent", Integer.toString(sent));
      }
    }
  }
}

package dev.culvert.cli.connect;

import dev.culvert.cli.Console;
import dev.culvert.cli.ExitCode;
import dev.culvert.cli.Fault;
import dev.culvert.cli.connect.stream.Measure;
import dev.culvert.cli.connect.stream.StreamSource;
import dev.culvert.ice.IcePolicy;
import dev.culvert.peer.PeerConnection;
import dev.culvert.peer.PeerPath;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Measures the paths to a peer, one after the other. */
final class PerfRun {
  private static final Duration PACE = Duration.ofMillis(20);
  private static final Duration LAST = Duration.ofSeconds(2);
  private static final int SIZE = 200;

  private final Console console;
  private final CallOptions options;
  private final Duration time;
  private final int datagrams;

  /**
   * What a path carries.
   *
   * @param path it
   * @param up from here to there
   * @param down from there to here
   * @param maxDatagram the longest datagram that it takes
   * @param sent how many datagrams
   * @param roundTrips of those that came back, in the order in which they did
   */
  record Figures(
      PeerPath path,
      Measure.Flow up,
      Measure.Flow down,
      int maxDatagram,
      int sent,
      List<Duration> roundTrips) {
    Figures {
      roundTrips = List.copyOf(roundTrips);
    }

    double lossPercent() {
      return sent == 0 ? 0 : 100.0 * (sent - roundTrips.size()) / sent;
    }

    /** The mean difference between two round trips that follow each other. */
    Optional<Duration> jitter() {
      if (roundTrips.size() < 2) {
        return Optional.empty();
      }
      long sum = 0;
      for (int i = 1; i < roundTrips.size(); i++) {
        sum += roundTrips.get(i).minus(roundTrips.get(i - 1)).abs().toNanos();
      }
      return Optional.of(Duration.ofNanos(sum / (roundTrips.size() - 1)));
    }
  }

  PerfRun(Console console, CallOptions options, Duration time, int datagrams) {
    this.console = console;
    this.options = options;
    this.time = time;
    this.datagrams = datagrams;
  }

  ExitCode run() {
    List<Figures> all = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    IcePolicy policy = options.join().policy();
    if (policy == IcePolicy.PREFER_DIRECT) {
      try {
        all.add(measure(IcePolicy.RELAY_ONLY));
      } catch (Fault e) {
        // Without a relay there may be a direct path still, which the next attempt shows.
        missing.add("relayed: " + e.fault());
      }
    }
    try {
      all.add(measure(policy));
    } catch (Fault e) {
      if (all.isEmpty()) {
        throw e;
      }
      missing.add(policy == IcePolicy.PREFER_DIRECT ? "direct: " + e.fault() : e.fault());
    }
    PerfView view = new PerfView(options.callee().peer(), all, missing);
    console.show(view);
    boolean direct = all.stream().anyMatch(each -> each.path().isDirect());
    return direct || policy == IcePolicy.RELAY_ONLY ? ExitCode.OK : ExitCode.RELAYED;
  }

  private Figures measure(IcePolicy policy) {
    try (Calling calling = Calling.open(console, options, policy)) {
      if (policy != IcePolicy.RELAY_ONLY) {
        calling.requireDirect(options.join().patience());
      }
      PeerConnection connection = calling.connection();
      StreamSource streams = PeerWay.of(connection);
      console.say("sends for " + PathText.millis(time));
      Measure.Flow up = Measure.toward(streams, time);
      console.say("receives for " + PathText.millis(time));
      Measure.Flow down = Measure.from(streams, time);
      console.say("sends " + datagrams + " datagrams");
      List<Duration> roundTrips = echo(connection);
      PeerPath path =
          calling
              .watch()
              .path()
              .orElseThrow(() -> new Fault(ExitCode.UNREACHABLE, "the path is gone", ""));
      return new Figures(path, up, down, connection.maxDatagram(), datagrams, roundTrips);
    } catch (IOException e) {
      throw new Fault(ExitCode.UNREACHABLE, "it was cut off: " + e.getMessage(), "");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Fault(ExitCode.INTERRUPTED, "it was interrupted", "");
    }
  }

  private List<Duration> echo(PeerConnection connection) throws InterruptedException {
    Map<Long, Long> open = new ConcurrentHashMap<>();
    BlockingQueue<Duration> back = new LinkedBlockingQueue<>();
    connection.onDatagram(
        datagram -> {
          Long begin = open.remove(Echoes.answered(datagram));
          if (begin != null) {
            back.add(Duration.ofNanos(System.nanoTime() - begin));
          }
        });
    List<Duration> roundTrips = new ArrayList<>();
    for (long i = 0; i < datagrams; i++) {
      long now = System.nanoTime();
      open.put(i, now);
      // One that finds no room is lost like any other.
      boolean unused = connection.send(Echoes.ask(i, SIZE));
      collect(back, roundTrips, now + PACE.toNanos(), false);
    }
    collect(back, roundTrips, System.nanoTime() + LAST.toNanos(), true);
    return roundTrips;
  }

  private void collect(
      BlockingQueue<Duration> back, List<Duration> roundTrips, long until, boolean isLast)
      throws InterruptedException {
    for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
      if (isLast && roundTrips.size() == datagrams) {
        return;
      }
      Duration next = back.poll(left, TimeUnit.NANOSECONDS);
      if (next != null) {
        roundTrips.add(next);
      }
    }
  }
}

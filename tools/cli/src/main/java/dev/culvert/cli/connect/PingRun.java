package dev.culvert.cli.connect;

import dev.culvert.cli.Console;
import dev.culvert.cli.ExitCode;
import dev.culvert.cli.Fault;
import dev.culvert.cli.OutputFormat;
import dev.culvert.peer.PeerPath;
import dev.culvert.sansio.Bytes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Pings a peer. */
final class PingRun {
  private static final Duration LAST = Duration.ofSeconds(3);
  private static final int SIZE = 64;

  private final Console console;
  private final CallOptions options;
  private final int count;
  private final Duration interval;
  private final boolean untilDirect;
  private final BlockingQueue<Reply> queue = new LinkedBlockingQueue<>();
  private final Map<Long, Long> sent = new ConcurrentHashMap<>();
  private final List<Reply> replies = new ArrayList<>();
  private long total;

  /**
   * A datagram that came back.
   *
   * @param number which, from 1
   * @param roundTrip how long it took
   * @param path the way that it came
   */
  record Reply(long number, Duration roundTrip, Optional<PeerPath> path) {
    boolean isDirect() {
      return path.filter(PeerPath::isDirect).isPresent();
    }
  }

  PingRun(Console console, CallOptions options, int count, Duration interval, boolean untilDirect) {
    this.console = console;
    this.options = options;
    this.count = count;
    this.interval = interval;
    this.untilDirect = untilDirect;
  }

  ExitCode run() {
    try (Calling calling = Calling.open(console, options)) {
      calling.connection().onDatagram(datagram -> heard(datagram, calling.watch()));
      try {
        ping(calling);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      console.show(
          new PingView(
              calling.connection().peer(),
              calling.connectedAfter(),
              calling.watch(),
              total,
              List.copyOf(replies)));
      return verdict(calling);
    }
  }

  /** On the event loop. */
  private void heard(Bytes datagram, PathWatch watch) {
    long number = Echoes.answered(datagram);
    Long begin = sent.remove(number);
    if (begin != null) {
      queue.add(new Reply(number, Duration.ofNanos(System.nanoTime() - begin), watch.path()));
    }
  }

  private void ping(Calling calling) throws InterruptedException {
    long deadline = System.nanoTime() + options.join().patience().toNanos();
    boolean done = false;
    while (total < count && !done && calling.end().isEmpty()) {
      total++;
      long now = System.nanoTime();
      sent.put(total, now);
      // One that finds no room is lost like any other.
      boolean unused = calling.connection().send(Echoes.ask(total, SIZE));
      boolean isLast = total == count;
      done = collect(now + (isLast ? LAST : interval).toNanos(), isLast);
      done |= untilDirect && System.nanoTime() - deadline > 0;
    }
  }

  /** Takes replies until then; true once enough has come. */
  private boolean collect(long until, boolean isLast) throws InterruptedException {
    for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
      Reply reply = queue.poll(left, TimeUnit.NANOSECONDS);
      if (reply != null) {
        replies.add(reply);
        if (console.format() == OutputFormat.TEXT) {
          console.print(PingView.line(reply));
        }
        if (untilDirect && reply.isDirect()) {
          return true;
        }
      }
      if (isLast && sent.isEmpty()) {
        return true;
      }
    }
    return false;
  }

  private ExitCode verdict(Calling calling) {
    boolean direct = !replies.isEmpty() && replies.get(replies.size() - 1).isDirect();
    if (replies.isEmpty()) {
      throw calling
          .end()
          .map(Ends::fault)
          .orElseGet(() -> new Fault(ExitCode.TIMEOUT, "no datagram came back", ""));
    }
    boolean wanted = untilDirect || options.requiresDirect();
    return wanted && !direct ? ExitCode.RELAYED : ExitCode.OK;
  }
}

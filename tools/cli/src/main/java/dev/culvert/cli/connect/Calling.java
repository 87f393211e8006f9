package dev.culvert.cli.connect;

import dev.culvert.cli.Console;
import dev.culvert.cli.ExitCode;
import dev.culvert.cli.Fault;
import dev.culvert.ice.IcePolicy;
import dev.culvert.peer.PeerConnection;
import dev.culvert.peer.PeerEnd;
import dev.culvert.peer.PeerException;
import dev.culvert.peer.PeerStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A connection to somebody who was called. */
final class Calling implements AutoCloseable {
  private final OwnPeer own;
  private final PeerConnection connection;
  private final PathWatch watch;
  private final Duration connectedAfter;

  private Calling(OwnPeer own, PeerConnection connection, PathWatch watch, Duration after) {
    this.own = own;
    this.connection = connection;
    this.watch = watch;
    this.connectedAfter = after;
  }

  /**
   * Calls, and waits for the connection, and for a direct path if that is required.
   *
   * @throws Fault if there is none
   */
  static Calling open(Console console, CallOptions options) {
    Calling calling = open(console, options, options.join().policy());
    try {
      if (options.requiresDirect()) {
        calling.requireDirect(options.join().patience());
      }
      return calling;
    } catch (Fault e) {
      calling.close();
      throw e;
    }
  }

  /** The same by these paths, of whichever kind. */
  static Calling open(Console console, CallOptions options, IcePolicy policy) {
    Callee callee = options.callee();
    Duration patience = options.join().patience();
    boolean unused = options.requiresDirect();
    OwnPeer own = OwnPeer.toCall(console, options.join(), policy, callee);
    PathWatch watch = new PathWatch(console, "");
    long begin = System.nanoTime();
    CompletableFuture<PeerConnection> call =
        callee
            .invite()
            .map(its -> own.node().connect(its, watch))
            .orElseGet(() -> own.node().connect(callee.peer(), watch));
    try {
      PeerConnection connection = call.get(patience.toNanos(), TimeUnit.NANOSECONDS);
      // Streams that nobody asked for.
      connection.onStream(PeerStream::close);
      return new Calling(own, connection, watch, Duration.ofNanos(System.nanoTime() - begin));
    } catch (ExecutionException e) {
      own.close();
      throw e.getCause() instanceof PeerException fault
          ? Ends.fault(fault.end())
          : new IllegalStateException(e.getCause());
    } catch (TimeoutException e) {
      call.cancel(false);
      PeerEnd why =
          own.isAttached()
              ? new PeerEnd(PeerEnd.Kind.TIMED_OUT, "there was no connection within --wait")
              : new PeerEnd(PeerEnd.Kind.NO_NODE, "no node answers");
      own.close();
      throw Ends.fault(why);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      own.close();
      throw new Fault(ExitCode.INTERRUPTED, "it was interrupted", "");
    }
  }

  /**
   * Waits for a direct path.
   *
   * @throws Fault if none comes
   */
  void requireDirect(Duration patience) {
    if (!watch.awaitDirect(patience, connection.over())) {
      end()
          .ifPresent(
              its -> {
                throw Ends.fault(its);
              });
      String why = watch.whyRelayed();
      throw new Fault(
          ExitCode.RELAYED,
          "there is no direct path" + (why.isEmpty() ? "" : ": " + why),
          "--wait gives it more time, and without --require direct the relay will do");
    }
  }

  PeerConnection connection() {
    return connection;
  }

  PathWatch watch() {
    return watch;
  }

  /** How long it took until the other side had accepted. */
  Duration connectedAfter() {
    return connectedAfter;
  }

  /** Why it is over, if it is. */
  Optional<PeerEnd> end() {
    return connection.over().isDone() ? Optional.of(connection.over().join()) : Optional.empty();
  }

  @Override
  public void close() {
    connection.close();
    own.close();
  }
}

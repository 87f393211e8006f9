package dev.culvert.cli.lab.connect;

import dev.culvert.identity.PeerId;
import dev.culvert.peer.PeerConnection;
import dev.culvert.peer.PeerEvent;
import dev.culvert.peer.PeerPath;
import dev.culvert.peer.PeerStream;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.transport.NetworkRuntime;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * A connection with one stream on which both sides send {@link Records} without an end, a record
 * every 20 ms, from two threads of its own. Safe for any thread.
 */
final class StreamTalk implements AutoCloseable {
  private static final long PACE_NANOS = 20_000_000;
  private static final int ROOM = 1 << 14;

  private final PeerId peer;
  private final Standing standing;
  private Optional<PeerConnection> connection = Optional.empty();
  private boolean closed;

  /**
   * A connection that does not stand yet.
   *
   * @param called when this side called, or heard of the call
   */
  StreamTalk(PeerId peer, MonotonicTime called) {
    this.peer = peer;
    this.standing = new Standing(called);
  }

  PeerId peer() {
    return peer;
  }

  Map<String, String> fields() {
    return standing.fields(NetworkRuntime.now());
  }

  /** Something happened to the connection. */
  void happened(PeerEvent event) {
    if (event instanceof PeerEvent.PathChanged changed) {
      PeerPath path = changed.now();
      standing.goes(path.relayed(), path.plan(), NetworkRuntime.now());
    } else if (event instanceof PeerEvent.PathLost) {
      standing.pathLost();
    } else if (event instanceof PeerEvent.StaysRelayed stays) {
      standing.staysRelayed(stays.reason());
    } else if (event instanceof PeerEvent.Ended ended) {
      standing.over(ended.end().words());
    }
  }

  void failed(String why) {
    standing.over(why);
  }

  /** It stands; the side that called opens the stream. */
  void stands(PeerConnection fresh) {
    synchronized (this) {
      if (closed) {
        fresh.close();
        return;
      }
      connection = Optional.of(fresh);
    }
    standing.connected();
    if (fresh.isCaller()) {
      var unused =
          fresh
              .open()
              .whenComplete(
                  (stream, fault) -> {
                    if (stream != null) {
                      talk(stream);
                    } else {
                      standing.over("no stream: " + fault.getMessage());
                    }
                  });
    } else {
      fresh.onStream(this::talk);
    }
  }

  private void talk(PeerStream stream) {
    begin("culvert-lab-says", () -> say(stream));
    begin("culvert-lab-hears", () -> hear(stream));
  }

  private static void begin(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  private void say(PeerStream stream) {
    try (OutputStream out = stream.output()) {
      for (long number = 0; !isClosed(); number++) {
        out.write(Records.of(number));
        out.flush();
        LockSupport.parkNanos(PACE_NANOS);
      }
    } catch (IOException e) {
      standing.over("the stream to the peer: " + e.getMessage());
    }
  }

  private void hear(PeerStream stream) {
    byte[] room = new byte[ROOM];
    try (InputStream in = stream.input()) {
      for (int length = in.read(room); length >= 0; length = in.read(room)) {
        standing.took(room, length, NetworkRuntime.now());
      }
      standing.over("the peer ended its stream");
    } catch (IOException e) {
      standing.over("the stream from the peer: " + e.getMessage());
    }
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  /** Ends the connection. */
  @Override
  public void close() {
    Optional<PeerConnection> open;
    synchronized (this) {
      closed = true;
      open = connection;
    }
    open.ifPresent(PeerConnection::close);
  }
}

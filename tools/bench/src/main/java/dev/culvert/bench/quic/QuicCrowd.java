package dev.culvert.bench.quic;

import dev.culvert.ice.IcePolicy;
import dev.culvert.identity.PeerId;
import dev.culvert.peer.PeerConnection;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Either a peer that takes all calls, or all those who call it, each a peer with a key and a socket
 * of its own, in a process. Started by {@code tools/bench/quic-speed} with a side ({@code listen},
 * {@code call}), the text of a node, and whom to call; tells {@code ready} and how it is called.
 *
 * <p>Each line of the callers' standard input, how many are to be connected in all and how many may
 * be about it at once, and each of the listener's, whatever it says, is answered by a line of JSON.
 */
public final class QuicCrowd {
  private final List<PeerConnection> open = new CopyOnWriteArrayList<>();
  private final AtomicInteger failed = new AtomicInteger();

  QuicCrowd() {}

  /** Runs until its input ends. */
  public static void main(String[] arguments) {
    try {
      run(arguments);
      System.exit(0);
    } catch (Exception e) {
      // Event loops would keep the process alive, and whoever started it waiting.
      e.printStackTrace();
      System.exit(1);
    }
  }

  private static void run(String[] arguments) throws Exception {
    QuicCrowd crowd = new QuicCrowd();
    Peers peers = new Peers(arguments[1]);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    if (arguments[0].equals("listen")) {
      System.out.println("ready " + crowd.listen(peers));
    } else {
      System.out.println("ready");
    }
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      long begin = System.nanoTime();
      if (arguments[0].equals("call")) {
        String[] words = line.split(" ", 2);
        crowd.call(
            peers,
            PeerId.parse(arguments[2]),
            Integer.parseInt(words[0]),
            Integer.parseInt(words[1]));
      }
      System.out.println(crowd.counts((System.nanoTime() - begin) / 1e9));
    }
  }

  PeerId listen(Peers peers) throws Exception {
    Peers.Joined own = peers.join(IcePolicy.PREFER_DIRECT);
    own.attached().get(QuicSpeed.PATIENCE_SECONDS, TimeUnit.SECONDS);
    own.peer().listen(open::add);
    return own.peer().id();
  }

  void call(Peers peers, PeerId whom, int wanted, int atOnce) throws Exception {
    Semaphore room = new Semaphore(atOnce);
    int missing = wanted - open.size();
    for (int i = 0; i < missing; i++) {
      room.acquire();
      Peers.Joined own = peers.join(IcePolicy.PREFER_DIRECT);
      var unused =
          own.attached()
              .thenCompose(done -> Peers.connect(own.peer(), whom, false))
              .orTimeout(QuicSpeed.PATIENCE_SECONDS, TimeUnit.SECONDS)
              .whenComplete(
                  (connection, fault) -> {
                    if (connection == null) {
                      failed.incrementAndGet();
                      System.err.println("a call failed: " + fault);
                    } else {
                      open.add(connection);
                    }
                    room.release();
                  });
    }
    room.acquire(atOnce);
  }

  String counts(double seconds) {
    long standing = open.stream().filter(each -> !each.over().isDone()).count();
    return String.format(
        Locale.ROOT,
        "{\"connected\":%d,\"failed\":%d,\"seconds\":%.3f}",
        standing,
        failed.get(),
        seconds);
  }
}

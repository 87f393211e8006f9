package dev.culvert.bench.quic;

import dev.culvert.ice.IcePolicy;
import dev.culvert.identity.PeerId;
import dev.culvert.peer.PeerConnection;
import dev.culvert.peer.PeerStream;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * One end of a stream, in a process of its own. Started by {@code tools/bench/quic-speed} with a
 * contender ({@code bare}, {@code bare-gso}, {@code direct}, {@code relayed}), a side ({@code
 * listen}, {@code call}), the text of a node, and whom to call; tells {@code ready} and how it is
 * called. Each line of its standard input, a number of seconds, is answered by a line of JSON.
 */
public final class QuicSpeed {
  /** With everything that is waited for. */
  static final long PATIENCE_SECONDS = 60;

  /** Packets of ours that the sender took for lost. */
  private static LongSupplier lost = () -> 0;

  private QuicSpeed() {}

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
    boolean calls = arguments[1].equals("call");
    Bulk bulk = new Bulk(calls);
    String name =
        switch (arguments[0]) {
          case "bare", "bare-gso" ->
              bare(new BareQuic(arguments[0].equals("bare-gso")), calls, arguments, bulk);
          case "direct", "relayed" -> ours(new Peers(arguments[2]), calls, arguments, bulk);
          default -> throw new IllegalArgumentException(arguments[0] + " is no contender");
        };
    System.out.println("ready " + name);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      long lostBefore = lost.getAsLong();
      long begin = System.nanoTime();
      double seconds = Double.parseDouble(line);
      long blocks = bulk.run(seconds).get(Math.round(seconds) + PATIENCE_SECONDS, TimeUnit.SECONDS);
      System.out.println(
          String.format(
              Locale.ROOT,
              "{\"bytes\":%d,\"seconds\":%.4f,\"lost\":%d}",
              blocks * Bulk.BLOCK,
              (System.nanoTime() - begin) / 1e9,
              lost.getAsLong() - lostBefore));
    }
  }

  static String bare(BareQuic quic, boolean calls, String[] arguments, Bulk bulk) throws Exception {
    if (!calls) {
      return String.valueOf(quic.listen(bulk).getPort());
    }
    quic.call(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[3])),
        bulk);
    return "";
  }

  static String ours(Peers peers, boolean calls, String[] arguments, Bulk bulk) throws Exception {
    boolean relayed = arguments[0].equals("relayed");
    Peers.Joined own =
        peers.join(relayed && calls ? IcePolicy.RELAY_ONLY : IcePolicy.PREFER_DIRECT);
    own.attached().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (!calls) {
      own.peer().listen(connection -> connection.onStream(stream -> bulk.attach(stream.channel())));
      return own.peer().id().toString();
    }
    PeerConnection connection =
        Peers.connect(own.peer(), PeerId.parse(arguments[3]), relayed)
            .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    PeerStream stream = connection.open().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    bulk.attach(stream.channel());
    lost = () -> connection.statistics().lostPackets();
    return "";
  }
}

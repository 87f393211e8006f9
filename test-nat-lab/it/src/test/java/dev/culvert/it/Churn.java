package dev.culvert.it;

import static dev.culvert.it.RawTurn.code;
import static dev.culvert.it.RelayUnderTest.PASSWORD;
import static dev.culvert.it.RelayUnderTest.USER;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.Method;
import dev.culvert.stun.attribute.Lifetime;
import dev.culvert.stun.attribute.RequestedTransport;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Clients that come and go: each has a fresh port or connection, an allocation, a channel, some
 * data, a refresh, and gives it back or, over TCP, just hangs up. Arguments: the relay's address.
 * Each line it reads is a number of seconds to go on for; it answers with "cycles N".
 */
final class Churn {
  private final InetSocketAddress relay;
  private final RawTurn peer;
  private final TransportAddress peerAt;

  private Churn(InetSocketAddress relay) throws IOException {
    this.relay = relay;
    peer = RawTurn.udp(relay, USER, PASSWORD);
    peerAt = peer.allocate();
  }

  public static void main(String[] words) throws Exception {
    Churn churn =
        new Churn(
            new InetSocketAddress(IpLiterals.parse(words[0]).orElseThrow(), RelayUnderTest.PORT));
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      System.out.println("cycles " + churn.run(Duration.ofSeconds(Long.parseLong(line))));
    }
  }

  private int run(Duration time) throws IOException {
    long end = System.nanoTime() + time.toNanos();
    int cycles = 0;
    while (System.nanoTime() < end) {
      if (cycles % 8 == 7) {
        overTcp();
      } else {
        overUdp();
      }
      cycles++;
      require(peer.code(Method.REFRESH, new Lifetime(600)) == 0, "the peer's refresh");
    }
    return cycles;
  }

  private void overUdp() throws IOException {
    try (RawTurn client = RawTurn.udp(relay, USER, PASSWORD)) {
      client.allocate();
      require(client.bind(0x4000, peerAt) == 0, "a channel");
      client.send(0x4000, Bytes.utf8("nobody permitted this"));
      require(client.code(Method.REFRESH, new Lifetime(600)) == 0, "a refresh");
      require(code(client.release()) == 0, "giving back");
    }
  }

  private void overTcp() throws IOException {
    try (RawTurn client = RawTurn.tcp(relay, USER, PASSWORD)) {
      client.allocate();
      require(client.bind(0x4000, peerAt) == 0, "a channel over TCP");
    }
    try (RawTurn client = RawTurn.tcp(relay, USER, PASSWORD)) {
      RequestedTransport tcp = new RequestedTransport(RequestedTransport.TCP);
      require(client.code(Method.ALLOCATE, tcp) == 0, "an allocation of TCP");
    }
  }

  private static void require(boolean condition, String what) {
    if (!condition) {
      throw new AssertionError("not granted: " + what);
    }
  }
}

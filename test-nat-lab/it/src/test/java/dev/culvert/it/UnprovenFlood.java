package dev.culvert.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Bytes;
import dev.culvert.stun.Method;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.attribute.Attribute;
import dev.culvert.stun.attribute.Lifetime;
import dev.culvert.stun.attribute.Nonce;
import dev.culvert.stun.attribute.Realm;
import dev.culvert.stun.attribute.Username;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Requests of nobody in particular as fast as they go, as somebody would send who writes another's
 * address on them: each answer takes at most four times the bytes of its request on the wire, and
 * what goes to one network in all has a limit.
 */
final class UnprovenFlood implements Attack {
  /** The wire has these beside what a datagram says: IPv4 and UDP headers. */
  private static final int HEADERS = 28;

  private static final int REQUESTS = 40_000;

  /** What the node says by itself: 5,000 at once and 1,000 a second to a network. */
  private static final int BURST = 5_000;

  private static final int PER_SECOND = 1_000;

  @Override
  public void on(Target relay) throws Exception {
    for (Bytes request : requests()) {
      try (RawWire wire = RawWire.udp(relay.plain())) {
        wire.send(request);
        Optional<Bytes> response = wire.receive(Duration.ofSeconds(2));
        response.ifPresent(bytes -> assertSmall(request, bytes));
      }
    }
    flood(relay.plain());
  }

  private static List<Bytes> requests() {
    return List.of(
        request(Method.ALLOCATE),
        request(Method.ALLOCATE, RawTurn.udp()),
        request(Method.REFRESH),
        request(Method.REFRESH, new Lifetime(0)),
        request(Method.CREATE_PERMISSION),
        request(Method.CHANNEL_BIND),
        request(Method.CONNECT),
        request(Method.CONNECTION_BIND),
        request(Method.BINDING),
        request(new Method(0x0ff)),
        request(
            Method.ALLOCATE,
            RawTurn.udp(),
            new Username("alice"),
            new Realm("lab.test"),
            new Nonce("x")));
  }

  private static Bytes request(Method method, Attribute... attributes) {
    return StunCodec.encode(StunMessage.request(method, RawTurn.id(), attributes));
  }

  private static void flood(InetSocketAddress relay) throws IOException {
    long begun = System.nanoTime();
    long out = 0;
    long in = 0;
    long answers = 0;
    try (RawWire wire = RawWire.udp(relay)) {
      for (int i = 0; i < REQUESTS; i++) {
        Bytes request = request(Method.ALLOCATE, RawTurn.udp());
        wire.send(request);
        out += HEADERS + request.length();
      }
      Optional<Bytes> answer = wire.receive(Duration.ofSeconds(1));
      while (answer.isPresent()) {
        answers++;
        in += HEADERS + answer.get().length();
        answer = wire.receive(Duration.ofSeconds(1));
      }
    }
    double seconds = Duration.ofNanos(System.nanoTime() - begun).toMillis() / 1e3;
    String told = answers + " answers to " + REQUESTS + " requests in " + seconds + " s";
    System.out.println(told + ", " + out + " bytes out, " + in + " bytes in");
    assertTrue(answers > 0, told);
    assertTrue(in <= 4 * out, told);
    assertTrue(answers <= BURST + PER_SECOND * (seconds + 1), told);
  }

  private static void assertSmall(Bytes request, Bytes response) {
    int in = HEADERS + request.length();
    int out = HEADERS + response.length();
    assertTrue(out <= 4 * in, out + " bytes in answer to " + in + ": " + request.hex());
  }
}

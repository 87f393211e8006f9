package dev.culvert.transport.server;

import static dev.culvert.transport.server.UdpAsker.ip;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.StunMessage;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server sends to somebody who may never have asked. */
class AmplificationTest {
  private static final int REQUESTS = 4000;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void noResponseIsMuchLargerThanItsRequest(boolean alternate) throws IOException {
    if (alternate && !UdpAsker.isLocal("127.0.0.2")) {
      return;
    }
    TransportAddress first = new TransportAddress(ip("127.0.0.1"), 0);
    StunListener listener =
        alternate
            ? StunListener.withAlternate(first, new TransportAddress(ip("127.0.0.2"), 0))
            : StunListener.plain(first);
    check(listener, "127.0.0.1", 28, 1234);
  }

  @Test
  void noResponseIsMuchLargerThanItsRequestOverIpv6() throws IOException {
    if (!UdpAsker.isLocal("::1")) {
      return;
    }
    check(StunListener.plain(new TransportAddress(ip("::1"), 0)), "::1", 48, 4321);
  }

  private static void check(StunListener listener, String client, int header, long seed)
      throws IOException {
    Random random = new Random(seed);
    int answered = 0;
    try (StunServer server = StunServer.start(StunServerConfig.of(List.of(listener)))) {
      TransportAddress to = server.addresses(Transport.UDP).get(0);
      for (int i = 0; i < REQUESTS; i++) {
        try (UdpAsker asker = new UdpAsker(client)) {
          Bytes request = anyRequest(random);
          StunMessage last = UdpAsker.binding();
          asker.send(request, to);
          asker.send(StunCodec.encode(last), to);
          Bytes got = asker.receive().wire();
          // The second request is always answered, so what comes first tells about the first one.
          if (!got.slice(4, 20).equals(last.transactionId().cookieAndId())) {
            answered++;
            int out = got.length() + header;
            int in = request.length() + header;
            assertTrue(2 * out <= 5 * in, "seed " + seed + " #" + i + ": " + request + got);
          }
        } catch (SocketTimeoutException e) {
          throw new AssertionError("no answer, seed " + seed + " #" + i, e);
        }
      }
      assertEquals(0, server.count(ServerCount.DROPPED_RATE));
    }
    assertTrue(answered > REQUESTS / 2, answered + " answered");
  }

  /** A Binding request of any shape, of RFC 8489 or 3489, now and then a broken one. */
  private static Bytes anyRequest(Random random) {
    Bytes attributes = Bytes.empty();
    int[] types = {
      0x0001, 0x0003, 0x0006, 0x0008, 0x0009, 0x000a, 0x0014, 0x0015, 0x001c, 0x001e, 0x0020,
      0x0024, 0x0025, 0x0026, 0x0027, 0x7fff, 0x8003, 0x8022, 0x8023, 0x8028, 0x8029, 0xc057
    };
    int count = random.nextInt(5);
    for (int i = 0; i < count; i++) {
      int type = random.nextInt(4) == 0 ? random.nextInt(0x10000) : types[random.nextInt(22)];
      int length = random.nextInt(3) == 0 ? random.nextInt(300) : random.nextInt(3) * 4;
      byte[] value = new byte[length + (-length & 3)];
      random.nextBytes(value);
      // Responses go back to the client that looks at them.
      if (type == 0x0027) {
        continue;
      }
      if (type == 0x0003) {
        length = 4;
        value = new byte[] {0, 0, 0, 0};
      }
      attributes =
          attributes
              .concat(Bytes.of(type >> 8, type, length >> 8, length))
              .concat(Bytes.wrap(value));
    }
    byte[] id = new byte[16];
    random.nextBytes(id);
    Bytes cookieAndId = Bytes.wrap(id);
    if (random.nextInt(5) != 0) {
      cookieAndId = Bytes.hex("2112a442").concat(cookieAndId.slice(4));
    }
    int length = attributes.length();
    return Bytes.of(0, 1, length >> 8, length).concat(cookieAndId).concat(attributes);
  }
}

package dev.culvert.it;

import static dev.culvert.it.RawTurn.code;
import static dev.culvert.it.RelayUnderTest.OTHER_PASSWORD;
import static dev.culvert.it.RelayUnderTest.OTHER_USER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.Method;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunPacket;
import dev.culvert.stun.attribute.ChannelNumber;
import dev.culvert.stun.attribute.Lifetime;
import dev.culvert.stun.attribute.XorPeerAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * Requests with every byte changed and cut off at every byte, of unknown users, with wrong
 * passwords and with nothing at all: none of them does anything.
 */
final class ForgedRequests implements Attack {
  private static final Duration LONG = Duration.ofSeconds(60);

  @Override
  public void on(Target relay) throws Exception {
    TransportAddress peer = new TransportAddress(relay.allowedPeer(), ForbiddenPeers.PORT);
    try (RawTurn client = relay.udp()) {
      client.allocate();
      Bytes release = client.signed(Method.REFRESH, new Lifetime(0));
      for (int i = 0; i < release.length(); i++) {
        byte[] changed = release.toByteArray();
        changed[i] ^= 1;
        client.send(Bytes.wrap(changed));
        client.send(release.slice(0, i));
      }
      assertNothingSucceeded(client);
      for (Bytes good :
          new Bytes[] {
            release,
            client.signed(Method.ALLOCATE, RawTurn.udp()),
            client.signed(Method.CREATE_PERMISSION, new XorPeerAddress(peer)),
            client.signed(Method.CHANNEL_BIND, new ChannelNumber(0x4000), new XorPeerAddress(peer)),
          }) {
        byte[] forged = good.toByteArray();
        forged[forged.length - 1] ^= 1;
        assertEquals(401, code(client.ask(Bytes.wrap(forged))), good.hex());
      }
      StunMessage bare = StunMessage.request(Method.REFRESH, RawTurn.id(), new Lifetime(0));
      assertEquals(401, code(client.ask(StunCodec.encode(bare))));
      assertEquals(401, client.as(OTHER_USER, "wrong").code(Method.REFRESH, new Lifetime(0)));
      assertEquals(401, client.as("nobody", OTHER_PASSWORD).code(Method.REFRESH, new Lifetime(0)));
      // Somebody else, whom the relay knows, in its place
      RawTurn other = client.as(RelayUnderTest.USER, RelayUnderTest.PASSWORD);
      assertEquals(441, other.code(Method.REFRESH, new Lifetime(0)));
      assertEquals(441, other.code(Method.CREATE_PERMISSION, new XorPeerAddress(peer)));
      // After all of it the allocation is still there.
      assertEquals(0, client.code(Method.REFRESH, new Lifetime(600)));
      assertEquals(0, code(client.release()));
      assertEquals(437, client.code(Method.REFRESH, new Lifetime(600)));
    }
  }

  /** Reads until the answer to a Binding request comes, which was sent after all the others. */
  private static void assertNothingSucceeded(RawTurn client) throws IOException {
    StunMessage last = StunMessage.request(Method.BINDING, RawTurn.id());
    client.send(StunCodec.encode(last));
    while (true) {
      Optional<StunMessage> answer =
          client
              .receive(LONG)
              .flatMap(wire -> StunCodec.decode(wire).packet())
              .map(StunPacket::message);
      assertTrue(answer.isPresent(), "no answer to the Binding request after all the others");
      if (answer.get().transactionId().equals(last.transactionId())) {
        return;
      }
      assertEquals(MessageClass.ERROR_RESPONSE, answer.get().messageClass(), answer.toString());
    }
  }
}

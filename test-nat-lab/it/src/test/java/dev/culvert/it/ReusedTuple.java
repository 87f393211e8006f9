package dev.culvert.it;

import static dev.culvert.it.RawTurn.code;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.Method;
import dev.culvert.stun.attribute.Lifetime;
import dev.culvert.turn.ChannelData;
import java.time.Duration;
import java.util.Optional;

/**
 * A client that gives its allocation back and has the next one at once, on the same port: nothing
 * of the old one is in the new one.
 */
final class ReusedTuple implements Attack {
  private static final int TIMES = 100;

  @Override
  public void on(Target relay) throws Exception {
    try (RawTurn client = relay.udp();
        RawTurn peer = relay.udp()) {
      TransportAddress peerAt = peer.allocate();
      for (int i = 0; i < TIMES; i++) {
        TransportAddress at = client.allocate();
        assertEquals(0, client.bind(0x4000, peerAt));
        assertEquals(0, code(client.release()));
        // Gone with it: the channel, the permission, the address.
        assertEquals(437, client.code(Method.REFRESH, new Lifetime(600)));
        client.send(0x4000, Bytes.utf8("of the old one"));
        TransportAddress next = client.allocate();
        client.send(0x4000, Bytes.utf8("of the old one"));
        assertEquals(0, peer.bind(0x4000 + 2 * i, next), "to the new one");
        assertEquals(0, client.bind(0x4001, peerAt), "another channel to the same peer");
        client.send(0x4001, Bytes.utf8("number " + i));
        assertEquals(
            Optional.of(new ChannelData(0x4000 + 2 * i, Bytes.utf8("number " + i))),
            peer.channelData(Duration.ofSeconds(60)));
        if (!next.equals(at)) {
          assertNotEquals(0, peer.bind(0x4000 + 2 * i + 1, at), "to the old one");
        }
        assertEquals(0, code(client.release()));
      }
    }
  }
}

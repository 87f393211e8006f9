package dev.culvert.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.Method;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.attribute.Lifetime;
import dev.culvert.turn.ChannelData;
import java.time.Duration;
import java.util.Optional;

/** A request and ChannelData over TCP, and in two records over TLS, cut in two at every byte. */
final class SplitFrames implements Attack {
  private static final Duration LONG = Duration.ofSeconds(60);

  @Override
  public void on(Target relay) throws Exception {
    try (RawTurn overTcp = relay.tcp();
        RawTurn overTls = relay.overTls()) {
      splits(overTcp, relay);
      splits(overTls, relay);
    }
  }

  private static void splits(RawTurn client, Target relay) throws Exception {
    try (RawTurn peer = relay.udp()) {
      TransportAddress at = client.allocate();
      TransportAddress peerAt = peer.allocate();
      assertEquals(0, client.bind(0x4000, peerAt));
      assertEquals(0, peer.bind(0x4000, at));
      Bytes data = Bytes.utf8("seven b");
      // Padded to a multiple of four.
      Bytes frame = new ChannelData(0x4000, data).encodePadded();
      for (int i = 1; i < frame.length(); i++) {
        sendInTwo(client, frame, i);
        assertEquals(
            Optional.of(new ChannelData(0x4000, data)), peer.channelData(LONG), "cut at " + i);
      }
      int length = client.signed(Method.REFRESH, new Lifetime(600)).length();
      for (int i = 1; i < length; i++) {
        Bytes refresh = client.signed(Method.REFRESH, new Lifetime(600));
        sendInTwo(client, refresh, i);
        TransactionId id = TransactionId.of(refresh.slice(8, 20));
        assertTrue(client.response(id, LONG).isPresent(), "cut at " + i);
      }
    }
  }

  private static void sendInTwo(RawTurn client, Bytes whole, int at) throws Exception {
    client.send(whole.slice(0, at));
    Thread.sleep(1);
    client.send(whole.slice(at));
  }
}

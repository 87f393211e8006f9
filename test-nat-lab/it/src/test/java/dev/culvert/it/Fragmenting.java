package dev.culvert.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.Method;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.attribute.Attribute;
import dev.culvert.stun.attribute.Data;
import dev.culvert.stun.attribute.DontFragment;
import dev.culvert.stun.attribute.XorPeerAddress;
import java.net.InetAddress;

/**
 * Datagrams that must not be fragmented, and others that may be: each kind to a port of its own.
 */
final class Fragmenting implements Attack {
  static final int NEVER = 4747;
  static final int IF_NEEDED = 4748;
  static final int SMALL = 5;

  /** More than a packet of the lab holds. */
  private static final int LARGE = 2000;

  @Override
  public void on(Target relay) throws Exception {
    InetAddress ip = relay.allowedPeer();
    XorPeerAddress never = new XorPeerAddress(new TransportAddress(ip, NEVER));
    XorPeerAddress ifNeeded = new XorPeerAddress(new TransportAddress(ip, IF_NEEDED));
    Data small = new Data(Bytes.wrap(new byte[SMALL]));
    Data large = new Data(Bytes.wrap(new byte[LARGE]));
    try (RawTurn client = relay.tcp()) {
      client.allocate(new DontFragment());
      assertEquals(0, client.code(Method.CREATE_PERMISSION, never));
      send(client, never, large, new DontFragment());
      send(client, never, small, new DontFragment());
      send(client, ifNeeded, large);
      // Answered after what was sent before.
      client.release();
    }
  }

  private static void send(RawTurn client, Attribute... attributes) throws Exception {
    client.send(StunCodec.encode(StunMessage.indication(Method.SEND, RawTurn.id(), attributes)));
  }
}

package dev.culvert.it;

import static dev.culvert.it.RawTurn.code;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.Method;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.attribute.Lifetime;
import dev.culvert.stun.attribute.XorPeerAddress;
import java.util.List;
import java.util.Set;

/**
 * Requests of one client, overheard and sent again from the port of another, do nothing; sent again
 * by itself they are answered as before.
 */
final class ReplayedRequests implements Attack {
  private static final Set<Integer> REFUSED = Set.of(401, 437, 438, 441);

  @Override
  public void on(Target relay) throws Exception {
    TransportAddress peer = new TransportAddress(relay.allowedPeer(), ForbiddenPeers.PORT);
    try (RawTurn victim = relay.udp();
        RawTurn stranger = relay.udp();
        RawTurn neighbour = relay.udp()) {
      victim.ask(Method.REFRESH, new Lifetime(600));
      neighbour.allocate();
      Bytes allocate = victim.signed(Method.ALLOCATE, RawTurn.udp());
      StunMessage allocated = victim.ask(allocate);
      assertEquals(0, code(allocated));
      for (int i = 0; i < 3; i++) {
        assertEquals(allocated, victim.ask(allocate), "the same request again");
      }
      // With another transaction id it is another one.
      assertEquals(437, victim.code(Method.ALLOCATE, RawTurn.udp()));
      for (Bytes overheard :
          List.of(
              allocate,
              victim.signed(Method.REFRESH, new Lifetime(0)),
              victim.signed(Method.CREATE_PERMISSION, new XorPeerAddress(peer)))) {
        for (RawTurn thief : List.of(stranger, neighbour)) {
          int code = code(thief.ask(overheard));
          assertTrue(REFUSED.contains(code), code + " to " + overheard.hex());
        }
      }
      assertEquals(0, victim.code(Method.REFRESH, new Lifetime(600)));
      assertEquals(0, neighbour.code(Method.REFRESH, new Lifetime(600)));
      assertEquals(437, stranger.code(Method.REFRESH, new Lifetime(600)));
    }
  }
}

package dev.culvert.turn.server;

import dev.culvert.sansio.Flow;
import dev.culvert.stun.Protection;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunPacket;

/**
 * A request whose credentials are right.
 *
 * @param from who asks
 * @param packet what came
 * @param session whose credentials they are
 * @param protection what the response is protected with
 * @param now nanoseconds of the driver's clock
 */
record Request(
    Flow from, StunPacket packet, Allocation.Session session, Protection protection, long now) {
  /** Whether the client speaks RFC 5389 and so RFC 5766. */
  boolean isOld() {
    return protection.sha256Length() == 0;
  }

  StunMessage message() {
    return packet.message();
  }
}

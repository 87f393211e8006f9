package dev.culvert.ice;

import dev.culvert.sansio.Bytes;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.attribute.Attribute;
import dev.culvert.stun.attribute.UnknownAttribute;

/**
 * NOMINATION (draft-thatcher-ice-renomination §3.1): of several nominations the one with the
 * greatest number holds.
 *
 * @param number 0 where the peer told none
 */
record Nomination(int number) {
  static final Nomination PLAIN = new Nomination(0);

  private static final int TYPE = 0xc001;

  Attribute attribute() {
    return new UnknownAttribute(TYPE, Bytes.of(number >> 24, number >> 16, number >> 8, number));
  }

  /** The one that a request holds. */
  static Nomination in(StunMessage message) {
    return message.all(UnknownAttribute.class).stream()
        .filter(each -> each.type() == TYPE && each.raw().length() == 4)
        .findFirst()
        .map(each -> new Nomination(each.raw().int32(0)))
        .orElse(PLAIN);
  }
}

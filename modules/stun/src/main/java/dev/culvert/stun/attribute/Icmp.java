package dev.culvert.stun.attribute;

import dev.culvert.sansio.Bytes;
import dev.culvert.stun.TransactionId;
import java.util.Optional;

/**
 * An ICMP message that a TURN server received about a peer (RFC 8656 §18.13).
 *
 * @param icmpType 0 to 127; ICMPv4 or ICMPv6 by the family of the relayed address
 * @param icmpCode 0 to 511
 * @param errorData 32 bits; for "too big" messages the MTU
 */
public record Icmp(int icmpType, int icmpCode, long errorData) implements Attribute {

  /** Refuses what the fields cannot carry. */
  public Icmp {
    if (icmpType < 0 || icmpType > 0x7f || icmpCode < 0 || icmpCode > 0x1ff) {
      throw new IllegalArgumentException(
          "ICMP type " + icmpType + " or code " + icmpCode + " is out of range");
    }
    Values.requireUint32("the error data of ICMP", errorData);
  }

  @Override
  public int type() {
    return AttributeType.ICMP;
  }

  @Override
  public Bytes value(TransactionId transactionId) {
    int typeAndCode = icmpType << 9 | icmpCode;
    return Bytes.of(0, 0, typeAndCode >> 8, typeAndCode).concat(Values.uint32(errorData));
  }

  static Optional<Attribute> decode(Bytes value) {
    if (value.length() != 8) {
      return Optional.empty();
    }
    int typeAndCode = value.uint16(2);
    return Optional.of(
        new Icmp(typeAndCode >> 9, typeAndCode & 0x1ff, value.int32(4) & 0xffff_ffffL));
  }
}

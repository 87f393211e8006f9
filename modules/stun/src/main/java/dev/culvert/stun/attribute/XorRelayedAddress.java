package dev.culvert.stun.attribute;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.TransactionId;
import java.util.Optional;

/**
 * The relayed address that a TURN server allocated (RFC 8656 §18.5).
 *
 * @param address an IPv4 or IPv6 address and port
 */
public record XorRelayedAddress(TransportAddress address) implements Attribute {

  @Override
  public int type() {
    return AttributeType.XOR_RELAYED_ADDRESS;
  }

  @Override
  public Bytes value(TransactionId transactionId) {
    return AddressValue.encodeXored(address, transactionId);
  }

  static Optional<Attribute> decode(Bytes value, TransactionId transactionId) {
    return AddressValue.decodeXored(value, transactionId).map(XorRelayedAddress::new);
  }
}

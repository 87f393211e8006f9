package dev.culvert.it;

import dev.culvert.sansio.Bytes;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.attribute.AddressFamily;
import dev.culvert.stun.attribute.Attribute;
import dev.culvert.stun.attribute.AttributeType;
import dev.culvert.stun.attribute.UnknownAttribute;
import java.util.function.Function;

/**
 * XOR-PEER-ADDRESS with the very bytes that a test wants: the JDK's classes make IPv4 addresses of
 * some that are IPv6.
 */
record Spelled(Bytes ip, int port) implements Function<TransactionId, Attribute> {

  @Override
  public Attribute apply(TransactionId id) {
    Bytes mask = id.cookieAndId();
    byte[] value = new byte[4 + ip.length()];
    value[1] = (byte) (ip.length() == 4 ? AddressFamily.IPV4 : AddressFamily.IPV6);
    value[2] = (byte) (port >> 8 ^ mask.at(0));
    value[3] = (byte) (port ^ mask.at(1));
    for (int i = 0; i < ip.length(); i++) {
      value[4 + i] = (byte) (ip.at(i) ^ mask.at(i));
    }
    return new UnknownAttribute(AttributeType.XOR_PEER_ADDRESS, Bytes.wrap(value));
  }
}

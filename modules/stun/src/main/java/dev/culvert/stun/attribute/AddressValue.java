package dev.culvert.stun.attribute;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.TransactionId;
import java.util.Optional;

/** The form of an address in the clear (RFC 8489 §14.1) and XORed (§14.2). */
final class AddressValue {
  private AddressValue() {}

  static Bytes encode(TransportAddress address) {
    byte[] ip = address.ip().getAddress();
    byte[] value = new byte[4 + ip.length];
    value[1] = (byte) (ip.length == 4 ? AddressFamily.IPV4 : AddressFamily.IPV6);
    value[2] = (byte) (address.port() >> 8);
    value[3] = (byte) address.port();
    System.arraycopy(ip, 0, value, 4, ip.length);
    return Bytes.wrap(value);
  }

  static Optional<TransportAddress> decode(Bytes value) {
    boolean ipv4 = value.length() == 8 && value.at(1) == AddressFamily.IPV4;
    boolean ipv6 = value.length() == 20 && value.at(1) == AddressFamily.IPV6;
    return ipv4 || ipv6
        ? Optional.of(new TransportAddress(IpLiterals.ofBytes(value.slice(4)), value.uint16(2)))
        : Optional.empty();
  }

  static Bytes encodeXored(TransportAddress address, TransactionId transactionId) {
    return xor(encode(address), transactionId);
  }

  static Optional<TransportAddress> decodeXored(Bytes value, TransactionId transactionId) {
    return value.length() < 4 || value.length() > 20
        ? Optional.empty()
        : decode(xor(value, transactionId));
  }

  private static Bytes xor(Bytes value, TransactionId transactionId) {
    Bytes mask = transactionId.cookieAndId();
    byte[] xored = value.toByteArray();
    xored[2] ^= (byte) mask.at(0);
    xored[3] ^= (byte) mask.at(1);
    for (int i = 4; i < xored.length; i++) {
      xored[i] ^= (byte) mask.at(i - 4);
    }
    return Bytes.wrap(xored);
  }
}

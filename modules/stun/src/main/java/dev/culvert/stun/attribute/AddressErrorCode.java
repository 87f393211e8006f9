package dev.culvert.stun.attribute;

import dev.culvert.sansio.Bytes;
import dev.culvert.stun.TransactionId;
import java.util.Optional;

/**
 * Why one of two requested address families was not allocated (RFC 8656 §18.12).
 *
 * @param family {@link AddressFamily#IPV4} or {@link AddressFamily#IPV6}; any 8-bit value is
 *     carried
 * @param code 300 to 699
 * @param reason for people only; fewer than 128 characters
 */
public record AddressErrorCode(int family, int code, String reason) implements Attribute {

  /** Refuses codes out of range and longer reasons. */
  public AddressErrorCode {
    Values.requireUint8("the family of ADDRESS-ERROR-CODE", family);
    ErrorCode.requireCode(code);
    Text.require("the reason of ADDRESS-ERROR-CODE", reason);
  }

  /** The code with its recommended reason. */
  public static AddressErrorCode of(int family, int code) {
    return new AddressErrorCode(family, code, ErrorCode.reasonFor(code));
  }

  @Override
  public int type() {
    return AttributeType.ADDRESS_ERROR_CODE;
  }

  @Override
  public Bytes value(TransactionId transactionId) {
    return Bytes.of(family, 0, code / 100, code % 100).concat(Bytes.utf8(reason));
  }

  static Optional<Attribute> decode(Bytes value) {
    return ErrorCode.codeIn(value)
        .map(code -> new AddressErrorCode(value.at(0), code, Text.mend(value.slice(4))));
  }
}

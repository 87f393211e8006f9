package dev.culvert.stun.attribute;

import dev.culvert.sansio.Bytes;
import dev.culvert.stun.TransactionId;
import java.util.Map;
import java.util.Optional;

/**
 * Why a request was refused (RFC 8489 §14.8).
 *
 * @param code 300 to 699
 * @param reason for people only; fewer than 128 characters
 */
public record ErrorCode(int code, String reason) implements Attribute {
  /** Another server should be tried (RFC 8489 §10). */
  public static final int TRY_ALTERNATE = 300;

  /** The request was malformed. */
  public static final int BAD_REQUEST = 400;

  /** The request did not carry the right credentials. */
  public static final int UNAUTHENTICATED = 401;

  /** The request was understood and is not allowed (RFC 8656). */
  public static final int FORBIDDEN = 403;

  /** Mobility is not allowed (RFC 8016). */
  public static final int MOBILITY_FORBIDDEN = 405;

  /** The request holds a comprehension-required attribute that the server does not know. */
  public static final int UNKNOWN_ATTRIBUTE = 420;

  /** There is no allocation, or there is one already (RFC 8656). */
  public static final int ALLOCATION_MISMATCH = 437;

  /** The nonce is no longer valid. */
  public static final int STALE_NONCE = 438;

  /** The server does not relay this address family (RFC 8656). */
  public static final int ADDRESS_FAMILY_NOT_SUPPORTED = 440;

  /** The credentials are not those of the allocation (RFC 8656). */
  public static final int WRONG_CREDENTIALS = 441;

  /** The server does not relay this transport protocol (RFC 8656). */
  public static final int UNSUPPORTED_TRANSPORT_PROTOCOL = 442;

  /** The peer's address is not of the relayed address's family (RFC 8656). */
  public static final int PEER_ADDRESS_FAMILY_MISMATCH = 443;

  /** There is a connection to this peer already (RFC 6062). */
  public static final int CONNECTION_ALREADY_EXISTS = 446;

  /** The connection to the peer could not be made (RFC 6062). */
  public static final int CONNECTION_TIMEOUT_OR_FAILURE = 447;

  /** The user has as many allocations as allowed (RFC 8656). */
  public static final int ALLOCATION_QUOTA_REACHED = 486;

  /** Both agents believe to have the same role (RFC 8445). */
  public static final int ROLE_CONFLICT = 487;

  /** The server has a passing trouble. */
  public static final int SERVER_ERROR = 500;

  /** The server has no more to give (RFC 8656). */
  public static final int INSUFFICIENT_CAPACITY = 508;

  private static final Map<Integer, String> REASONS =
      Map.ofEntries(
          Map.entry(TRY_ALTERNATE, "Try Alternate"),
          Map.entry(BAD_REQUEST, "Bad Request"),
          Map.entry(UNAUTHENTICATED, "Unauthenticated"),
          Map.entry(FORBIDDEN, "Forbidden"),
          Map.entry(MOBILITY_FORBIDDEN, "Mobility Forbidden"),
          Map.entry(UNKNOWN_ATTRIBUTE, "Unknown Attribute"),
          Map.entry(ALLOCATION_MISMATCH, "Allocation Mismatch"),
          Map.entry(STALE_NONCE, "Stale Nonce"),
          Map.entry(ADDRESS_FAMILY_NOT_SUPPORTED, "Address Family not Supported"),
          Map.entry(WRONG_CREDENTIALS, "Wrong Credentials"),
          Map.entry(UNSUPPORTED_TRANSPORT_PROTOCOL, "Unsupported Transport Protocol"),
          Map.entry(PEER_ADDRESS_FAMILY_MISMATCH, "Peer Address Family Mismatch"),
          Map.entry(CONNECTION_ALREADY_EXISTS, "Connection Already Exists"),
          Map.entry(CONNECTION_TIMEOUT_OR_FAILURE, "Connection Timeout or Failure"),
          Map.entry(ALLOCATION_QUOTA_REACHED, "Allocation Quota Reached"),
          Map.entry(ROLE_CONFLICT, "Role Conflict"),
          Map.entry(SERVER_ERROR, "Server Error"),
          Map.entry(INSUFFICIENT_CAPACITY, "Insufficient Capacity"));

  /** Refuses codes out of range and longer reasons. */
  public ErrorCode {
    requireCode(code);
    Text.require("the reason of ERROR-CODE", reason);
  }

  /** The code with its recommended reason, or an empty one if it is not registered. */
  public static ErrorCode of(int code) {
    return new ErrorCode(code, reasonFor(code));
  }

  /** The recommended reason for {@code code}; empty if it is not registered. */
  static String reasonFor(int code) {
    return REASONS.getOrDefault(code, "");
  }

  static void requireCode(int code) {
    if (code < 300 || code > 699) {
      throw new IllegalArgumentException("an error code is 300 to 699, not " + code);
    }
  }

  @Override
  public int type() {
    return AttributeType.ERROR_CODE;
  }

  @Override
  public Bytes value(TransactionId transactionId) {
    return Bytes.of(0, 0, code / 100, code % 100).concat(Bytes.utf8(reason));
  }

  /** A reason too long or no UTF-8 is cut and mended: what counts is the code. */
  static Optional<Attribute> decode(Bytes value) {
    return codeIn(value).map(code -> new ErrorCode(code, Text.mend(value.slice(4))));
  }

  /** The code in the third and fourth byte; empty if it is out of range. */
  static Optional<Integer> codeIn(Bytes value) {
    if (value.length() < 4) {
      return Optional.empty();
    }
    int hundreds = value.at(2) & 7;
    int number = value.at(3);
    return hundreds >= 3 && hundreds <= 6 && number <= 99
        ? Optional.of(hundreds * 100 + number)
        : Optional.empty();
  }
}

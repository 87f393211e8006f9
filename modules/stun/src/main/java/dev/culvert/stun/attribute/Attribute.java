package dev.culvert.stun.attribute;

import dev.culvert.sansio.Bytes;
import dev.culvert.stun.TransactionId;
import java.util.Optional;

/** One attribute of a STUN message (RFC 8489 §14). */
public sealed interface Attribute
    permits AdditionalAddressFamily,
        AddressErrorCode,
        AlternateDomain,
        AlternateServer,
        CacheTimeout,
        ChangeRequest,
        ChangedAddress,
        ChannelNumber,
        ConnectionId,
        Data,
        DontFragment,
        ErrorCode,
        EvenPort,
        Fingerprint,
        Icmp,
        IceControlled,
        IceControlling,
        Lifetime,
        MappedAddress,
        MessageIntegrity,
        MessageIntegritySha256,
        Nonce,
        OtherAddress,
        Padding,
        PasswordAlgorithm,
        PasswordAlgorithms,
        Priority,
        Realm,
        ReflectedFrom,
        RequestedAddressFamily,
        RequestedTransport,
        ReservationToken,
        ResponseAddress,
        ResponseOrigin,
        ResponsePort,
        Software,
        SourceAddress,
        UnknownAttribute,
        UnknownAttributes,
        UseCandidate,
        UserHash,
        Username,
        XorMappedAddress,
        XorPeerAddress,
        XorRelayedAddress {

  /** The number of its kind, one of {@link AttributeType} or any other of 16 bits. */
  int type();

  /**
   * Its value as it travels, without padding.
   *
   * @param transactionId of the message; XORed addresses are hidden by it
   */
  Bytes value(TransactionId transactionId);

  /**
   * Reads one attribute; never throws.
   *
   * @param type 0 to 0xffff
   * @param value the value without padding
   * @param transactionId of the message
   * @return {@link UnknownAttribute} for types without a class here; empty for a value that an
   *     attribute of this type cannot have
   */
  static Optional<Attribute> decode(int type, Bytes value, TransactionId transactionId) {
    return AttributeDecoders.decode(type, value, transactionId);
  }
}

package dev.culvert.stun.attribute;

import dev.culvert.sansio.Bytes;
import dev.culvert.stun.TransactionId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Finds the decoder for an attribute type. */
final class AttributeDecoders {
  private static final Map<Integer, BiFunction<Bytes, TransactionId, Optional<Attribute>>> TABLE =
      table();

  private AttributeDecoders() {}

  static Optional<Attribute> decode(int type, Bytes value, TransactionId transactionId) {
    BiFunction<Bytes, TransactionId, Optional<Attribute>> decoder = TABLE.get(type);
    return decoder == null
        ? Optional.of(new UnknownAttribute(type, value))
        : decoder.apply(value, transactionId);
  }

  private static Map<Integer, BiFunction<Bytes, TransactionId, Optional<Attribute>>> table() {
    Map<Integer, BiFunction<Bytes, TransactionId, Optional<Attribute>>> table = new HashMap<>();
    table.put(AttributeType.MAPPED_ADDRESS, MappedAddress::decode);
    table.put(AttributeType.RESPONSE_ADDRESS, ResponseAddress::decode);
    table.put(AttributeType.SOURCE_ADDRESS, SourceAddress::decode);
    table.put(AttributeType.CHANGED_ADDRESS, ChangedAddress::decode);
    table.put(AttributeType.REFLECTED_FROM, ReflectedFrom::decode);
    table.put(AttributeType.XOR_PEER_ADDRESS, XorPeerAddress::decode);
    table.put(AttributeType.XOR_RELAYED_ADDRESS, XorRelayedAddress::decode);
    table.put(AttributeType.XOR_MAPPED_ADDRESS, XorMappedAddress::decode);
    table.put(AttributeType.ALTERNATE_SERVER, AlternateServer::decode);
    table.put(AttributeType.RESPONSE_ORIGIN, ResponseOrigin::decode);
    table.put(AttributeType.OTHER_ADDRESS, OtherAddress::decode);
    put(table, AttributeType.CHANGE_REQUEST, ChangeRequest::decode);
    put(table, AttributeType.USERNAME, Username::decode);
    put(table, AttributeType.MESSAGE_INTEGRITY, MessageIntegrity::decode);
    put(table, AttributeType.ERROR_CODE, ErrorCode::decode);
    put(table, AttributeType.UNKNOWN_ATTRIBUTES, UnknownAttributes::decode);
    put(table, AttributeType.CHANNEL_NUMBER, ChannelNumber::decode);
    put(table, AttributeType.LIFETIME, Lifetime::decode);
    put(table, AttributeType.DATA, Data::decode);
    put(table, AttributeType.REALM, Realm::decode);
    put(table, AttributeType.NONCE, Nonce::decode);
    put(table, AttributeType.REQUESTED_ADDRESS_FAMILY, RequestedAddressFamily::decode);
    put(table, AttributeType.EVEN_PORT, EvenPort::decode);
    put(table, AttributeType.REQUESTED_TRANSPORT, RequestedTransport::decode);
    put(table, AttributeType.DONT_FRAGMENT, DontFragment::decode);
    put(table, AttributeType.MESSAGE_INTEGRITY_SHA256, MessageIntegritySha256::decode);
    put(table, AttributeType.PASSWORD_ALGORITHM, PasswordAlgorithm::decode);
    put(table, AttributeType.USERHASH, UserHash::decode);
    put(table, AttributeType.RESERVATION_TOKEN, ReservationToken::decode);
    put(table, AttributeType.PRIORITY, Priority::decode);
    put(table, AttributeType.USE_CANDIDATE, UseCandidate::decode);
    put(table, AttributeType.PADDING, Padding::decode);
    put(table, AttributeType.RESPONSE_PORT, ResponsePort::decode);
    put(table, AttributeType.CONNECTION_ID, ConnectionId::decode);
    put(table, AttributeType.ADDITIONAL_ADDRESS_FAMILY, AdditionalAddressFamily::decode);
    put(table, AttributeType.ADDRESS_ERROR_CODE, AddressErrorCode::decode);
    put(table, AttributeType.PASSWORD_ALGORITHMS, PasswordAlgorithms::decode);
    put(table, AttributeType.ALTERNATE_DOMAIN, AlternateDomain::decode);
    put(table, AttributeType.ICMP, Icmp::decode);
    put(table, AttributeType.SOFTWARE, Software::decode);
    put(table, AttributeType.CACHE_TIMEOUT, CacheTimeout::decode);
    put(table, AttributeType.FINGERPRINT, Fingerprint::decode);
    put(table, AttributeType.ICE_CONTROLLED, IceControlled::decode);
    put(table, AttributeType.ICE_CONTROLLING, IceControlling::decode);
    return Map.copyOf(table);
  }

  private static void put(
      Map<Integer, BiFunction<Bytes, TransactionId, Optional<Attribute>>> table,
      int type,
      Function<Bytes, Optional<Attribute>> decoder) {
    table.put(type, (value, transactionId) -> decoder.apply(value));
  }
}

package dev.culvert.stun.attribute;

import java.util.HexFormat;
import java.util.Map;

/**
 * The registered attribute types (IANA, "STUN Attributes"). An int constant each: the registry is
 * open, and the responder compares them byte by byte.
 */
public final class AttributeType {

  /** MAPPED-ADDRESS, RFC 8489. */
  public static final int MAPPED_ADDRESS = 0x0001;

  /** RESPONSE-ADDRESS, RFC 3489. */
  public static final int RESPONSE_ADDRESS = 0x0002;

  /** CHANGE-REQUEST, RFC 5780. */
  public static final int CHANGE_REQUEST = 0x0003;

  /** SOURCE-ADDRESS, RFC 3489. */
  public static final int SOURCE_ADDRESS = 0x0004;

  /** CHANGED-ADDRESS, RFC 3489. */
  public static final int CHANGED_ADDRESS = 0x0005;

  /** USERNAME, RFC 8489. */
  public static final int USERNAME = 0x0006;

  /** PASSWORD, RFC 3489. */
  public static final int PASSWORD = 0x0007;

  /** MESSAGE-INTEGRITY, RFC 8489. */
  public static final int MESSAGE_INTEGRITY = 0x0008;

  /** ERROR-CODE, RFC 8489. */
  public static final int ERROR_CODE = 0x0009;

  /** UNKNOWN-ATTRIBUTES, RFC 8489. */
  public static final int UNKNOWN_ATTRIBUTES = 0x000a;

  /** REFLECTED-FROM, RFC 3489. */
  public static final int REFLECTED_FROM = 0x000b;

  /** CHANNEL-NUMBER, RFC 8656. */
  public static final int CHANNEL_NUMBER = 0x000c;

  /** LIFETIME, RFC 8656. */
  public static final int LIFETIME = 0x000d;

  /** BANDWIDTH, never standard. */
  public static final int BANDWIDTH = 0x0010;

  /** XOR-PEER-ADDRESS, RFC 8656. */
  public static final int XOR_PEER_ADDRESS = 0x0012;

  /** DATA, RFC 8656. */
  public static final int DATA = 0x0013;

  /** REALM, RFC 8489. */
  public static final int REALM = 0x0014;

  /** NONCE, RFC 8489. */
  public static final int NONCE = 0x0015;

  /** XOR-RELAYED-ADDRESS, RFC 8656. */
  public static final int XOR_RELAYED_ADDRESS = 0x0016;

  /** REQUESTED-ADDRESS-FAMILY, RFC 8656. */
  public static final int REQUESTED_ADDRESS_FAMILY = 0x0017;

  /** EVEN-PORT, RFC 8656. */
  public static final int EVEN_PORT = 0x0018;

  /** REQUESTED-TRANSPORT, RFC 8656. */
  public static final int REQUESTED_TRANSPORT = 0x0019;

  /** DONT-FRAGMENT, RFC 8656. */
  public static final int DONT_FRAGMENT = 0x001a;

  /** ACCESS-TOKEN, RFC 7635. */
  public static final int ACCESS_TOKEN = 0x001b;

  /** MESSAGE-INTEGRITY-SHA256, RFC 8489. */
  public static final int MESSAGE_INTEGRITY_SHA256 = 0x001c;

  /** PASSWORD-ALGORITHM, RFC 8489. */
  public static final int PASSWORD_ALGORITHM = 0x001d;

  /** USERHASH, RFC 8489. */
  public static final int USERHASH = 0x001e;

  /** XOR-MAPPED-ADDRESS, RFC 8489. */
  public static final int XOR_MAPPED_ADDRESS = 0x0020;

  /** TIMER-VAL, never standard. */
  public static final int TIMER_VAL = 0x0021;

  /** RESERVATION-TOKEN, RFC 8656. */
  public static final int RESERVATION_TOKEN = 0x0022;

  /** PRIORITY, RFC 8445. */
  public static final int PRIORITY = 0x0024;

  /** USE-CANDIDATE, RFC 8445. */
  public static final int USE_CANDIDATE = 0x0025;

  /** PADDING, RFC 5780. */
  public static final int PADDING = 0x0026;

  /** RESPONSE-PORT, RFC 5780. */
  public static final int RESPONSE_PORT = 0x0027;

  /** CONNECTION-ID, RFC 6062. */
  public static final int CONNECTION_ID = 0x002a;

  /** ADDITIONAL-ADDRESS-FAMILY, RFC 8656. */
  public static final int ADDITIONAL_ADDRESS_FAMILY = 0x8000;

  /** ADDRESS-ERROR-CODE, RFC 8656. */
  public static final int ADDRESS_ERROR_CODE = 0x8001;

  /** PASSWORD-ALGORITHMS, RFC 8489. */
  public static final int PASSWORD_ALGORITHMS = 0x8002;

  /** ALTERNATE-DOMAIN, RFC 8489. */
  public static final int ALTERNATE_DOMAIN = 0x8003;

  /** ICMP, RFC 8656. */
  public static final int ICMP = 0x8004;

  /** SOFTWARE, RFC 8489. */
  public static final int SOFTWARE = 0x8022;

  /** ALTERNATE-SERVER, RFC 8489. */
  public static final int ALTERNATE_SERVER = 0x8023;

  /** TRANSACTION-TRANSMIT-COUNTER, RFC 7982. */
  public static final int TRANSACTION_TRANSMIT_COUNTER = 0x8025;

  /** CACHE-TIMEOUT, RFC 5780. */
  public static final int CACHE_TIMEOUT = 0x8027;

  /** FINGERPRINT, RFC 8489. */
  public static final int FINGERPRINT = 0x8028;

  /** ICE-CONTROLLED, RFC 8445. */
  public static final int ICE_CONTROLLED = 0x8029;

  /** ICE-CONTROLLING, RFC 8445. */
  public static final int ICE_CONTROLLING = 0x802a;

  /** RESPONSE-ORIGIN, RFC 5780. */
  public static final int RESPONSE_ORIGIN = 0x802b;

  /** OTHER-ADDRESS, RFC 5780. */
  public static final int OTHER_ADDRESS = 0x802c;

  /** ECN-CHECK-STUN, RFC 6679. */
  public static final int ECN_CHECK_STUN = 0x802d;

  /** THIRD-PARTY-AUTHORIZATION, RFC 7635. */
  public static final int THIRD_PARTY_AUTHORIZATION = 0x802e;

  /** MOBILITY-TICKET, RFC 8016. */
  public static final int MOBILITY_TICKET = 0x8030;

  /** CISCO-STUN-FLOWDATA, registered by Cisco. */
  public static final int CISCO_STUN_FLOWDATA = 0xc000;

  /** ENF-FLOW-DESCRIPTION, registered by Cisco. */
  public static final int ENF_FLOW_DESCRIPTION = 0xc001;

  /** ENF-NETWORK-STATUS, registered by Cisco. */
  public static final int ENF_NETWORK_STATUS = 0xc002;

  /** GOOG-NETWORK-INFO, registered by Google. */
  public static final int GOOG_NETWORK_INFO = 0xc057;

  /** GOOG-LAST-ICE-CHECK-RECEIVED, registered by Google. */
  public static final int GOOG_LAST_ICE_CHECK_RECEIVED = 0xc058;

  /** GOOG-MISC-INFO, registered by Google. */
  public static final int GOOG_MISC_INFO = 0xc059;

  /** GOOG-OBSOLETE-1, registered by Google. */
  public static final int GOOG_OBSOLETE_1 = 0xc05a;

  /** GOOG-CONNECTION-ID, registered by Google. */
  public static final int GOOG_CONNECTION_ID = 0xc05b;

  /** GOOG-DELTA, registered by Google. */
  public static final int GOOG_DELTA = 0xc05c;

  /** GOOG-DELTA-ACK, registered by Google. */
  public static final int GOOG_DELTA_ACK = 0xc05d;

  /** GOOG-MESSAGE-INTEGRITY-32, registered by Google. */
  public static final int GOOG_MESSAGE_INTEGRITY_32 = 0xc060;

  /** DTLS-IN-STUN, registered by Google. */
  public static final int DTLS_IN_STUN = 0xc070;

  /** DTLS-IN-STUN-ACKNOWLEDGEMENT, registered by Google. */
  public static final int DTLS_IN_STUN_ACKNOWLEDGEMENT = 0xc071;

  private static final Map<Integer, String> NAMES =
      Map.ofEntries(
          Map.entry(MAPPED_ADDRESS, "MAPPED-ADDRESS"),
          Map.entry(RESPONSE_ADDRESS, "RESPONSE-ADDRESS"),
          Map.entry(CHANGE_REQUEST, "CHANGE-REQUEST"),
          Map.entry(SOURCE_ADDRESS, "SOURCE-ADDRESS"),
          Map.entry(CHANGED_ADDRESS, "CHANGED-ADDRESS"),
          Map.entry(USERNAME, "USERNAME"),
          Map.entry(PASSWORD, "PASSWORD"),
          Map.entry(MESSAGE_INTEGRITY, "MESSAGE-INTEGRITY"),
          Map.entry(ERROR_CODE, "ERROR-CODE"),
          Map.entry(UNKNOWN_ATTRIBUTES, "UNKNOWN-ATTRIBUTES"),
          Map.entry(REFLECTED_FROM, "REFLECTED-FROM"),
          Map.entry(CHANNEL_NUMBER, "CHANNEL-NUMBER"),
          Map.entry(LIFETIME, "LIFETIME"),
          Map.entry(BANDWIDTH, "BANDWIDTH"),
          Map.entry(XOR_PEER_ADDRESS, "XOR-PEER-ADDRESS"),
          Map.entry(DATA, "DATA"),
          Map.entry(REALM, "REALM"),
          Map.entry(NONCE, "NONCE"),
          Map.entry(XOR_RELAYED_ADDRESS, "XOR-RELAYED-ADDRESS"),
          Map.entry(REQUESTED_ADDRESS_FAMILY, "REQUESTED-ADDRESS-FAMILY"),
          Map.entry(EVEN_PORT, "EVEN-PORT"),
          Map.entry(REQUESTED_TRANSPORT, "REQUESTED-TRANSPORT"),
          Map.entry(DONT_FRAGMENT, "DONT-FRAGMENT"),
          Map.entry(ACCESS_TOKEN, "ACCESS-TOKEN"),
          Map.entry(MESSAGE_INTEGRITY_SHA256, "MESSAGE-INTEGRITY-SHA256"),
          Map.entry(PASSWORD_ALGORITHM, "PASSWORD-ALGORITHM"),
          Map.entry(USERHASH, "USERHASH"),
          Map.entry(XOR_MAPPED_ADDRESS, "XOR-MAPPED-ADDRESS"),
          Map.entry(TIMER_VAL, "TIMER-VAL"),
          Map.entry(RESERVATION_TOKEN, "RESERVATION-TOKEN"),
          Map.entry(PRIORITY, "PRIORITY"),
          Map.entry(USE_CANDIDATE, "USE-CANDIDATE"),
          Map.entry(PADDING, "PADDING"),
          Map.entry(RESPONSE_PORT, "RESPONSE-PORT"),
          Map.entry(CONNECTION_ID, "CONNECTION-ID"),
          Map.entry(ADDITIONAL_ADDRESS_FAMILY, "ADDITIONAL-ADDRESS-FAMILY"),
          Map.entry(ADDRESS_ERROR_CODE, "ADDRESS-ERROR-CODE"),
          Map.entry(PASSWORD_ALGORITHMS, "PASSWORD-ALGORITHMS"),
          Map.entry(ALTERNATE_DOMAIN, "ALTERNATE-DOMAIN"),
          Map.entry(ICMP, "ICMP"),
          Map.entry(SOFTWARE, "SOFTWARE"),
          Map.entry(ALTERNATE_SERVER, "ALTERNATE-SERVER"),
          Map.entry(TRANSACTION_TRANSMIT_COUNTER, "TRANSACTION_TRANSMIT_COUNTER"),
          Map.entry(CACHE_TIMEOUT, "CACHE-TIMEOUT"),
          Map.entry(FINGERPRINT, "FINGERPRINT"),
          Map.entry(ICE_CONTROLLED, "ICE-CONTROLLED"),
          Map.entry(ICE_CONTROLLING, "ICE-CONTROLLING"),
          Map.entry(RESPONSE_ORIGIN, "RESPONSE-ORIGIN"),
          Map.entry(OTHER_ADDRESS, "OTHER-ADDRESS"),
          Map.entry(ECN_CHECK_STUN, "ECN-CHECK STUN"),
          Map.entry(THIRD_PARTY_AUTHORIZATION, "THIRD-PARTY-AUTHORIZATION"),
          Map.entry(MOBILITY_TICKET, "MOBILITY-TICKET"),
          Map.entry(CISCO_STUN_FLOWDATA, "CISCO-STUN-FLOWDATA"),
          Map.entry(ENF_FLOW_DESCRIPTION, "ENF-FLOW-DESCRIPTION"),
          Map.entry(ENF_NETWORK_STATUS, "ENF-NETWORK-STATUS"),
          Map.entry(GOOG_NETWORK_INFO, "GOOG-NETWORK-INFO"),
          Map.entry(GOOG_LAST_ICE_CHECK_RECEIVED, "GOOG-LAST-ICE-CHECK-RECEIVED"),
          Map.entry(GOOG_MISC_INFO, "GOOG-MISC-INFO"),
          Map.entry(GOOG_OBSOLETE_1, "GOOG-OBSOLETE-1"),
          Map.entry(GOOG_CONNECTION_ID, "GOOG-CONNECTION-ID"),
          Map.entry(GOOG_DELTA, "GOOG-DELTA"),
          Map.entry(GOOG_DELTA_ACK, "GOOG-DELTA-ACK"),
          Map.entry(GOOG_MESSAGE_INTEGRITY_32, "GOOG-MESSAGE-INTEGRITY-32"),
          Map.entry(DTLS_IN_STUN, "DTLS-IN-STUN"),
          Map.entry(DTLS_IN_STUN_ACKNOWLEDGEMENT, "DTLS-IN-STUN-ACKNOWLEDGEMENT"));

  private AttributeType() {}

  /** The registered name of {@code type}, or its number in hexadecimal. */
  public static String name(int type) {
    String name = NAMES.get(type);
    return name == null ? "0x" + HexFormat.of().toHexDigits(type, 4) : name;
  }

  /**
   * Whether a receiver that does not know {@code type} may not go on as if it were not there (RFC
   * 8489 §14).
   */
  public static boolean isComprehensionRequired(int type) {
    return type < 0x8000;
  }
}

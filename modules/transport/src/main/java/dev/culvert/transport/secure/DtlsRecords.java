package dev.culvert.transport.secure;

import dev.culvert.sansio.Bytes;
import java.util.BitSet;
import java.util.function.Predicate;

/** Looks at the headers of DTLS records (RFC 6347 §4.1) and of the handshake messages in them. */
final class DtlsRecords {
  private static final int CHANGE_CIPHER_SPEC = 20;
  private static final int ALERT = 21;
  private static final int HANDSHAKE = 22;
  private static final int CLIENT_HELLO = 1;
  private static final int SERVER_HELLO = 2;
  private static final int HELLO_VERIFY_REQUEST = 3;
  private static final int EPOCH = 3;
  private static final int LENGTH = 11;
  private static final int HEADER = 13;
  private static final int MESSAGE_SEQUENCE = HEADER + 4;
  private static final int CLIENT_VERSION = HEADER + 12;
  private static final int DTLS_1_2 = 0xfefd;

  /** A handshake that takes more records is left to the engine alone. */
  private static final int MOST_RECORDS = 4096;

  private final BitSet seen = new BitSet();
  private boolean cipherChanged;

  static boolean isClientHello(Bytes datagram) {
    return isInTheClear(datagram, CLIENT_HELLO) && datagram.at(1) == 0xfe;
  }

  /** Whether it begins a handshake, and does not go on with one after a HelloVerifyRequest. */
  static boolean isFirstClientHello(Bytes datagram) {
    return isClientHello(datagram)
        && datagram.length() >= MESSAGE_SEQUENCE + 2
        && datagram.uint16(MESSAGE_SEQUENCE) == 0;
  }

  /** Whether a ClientHello speaks of nothing newer than DTLS 1.0, whose numbers run downwards. */
  static boolean isTooOld(Bytes hello) {
    return hello.length() >= CLIENT_VERSION + 2 && hello.uint16(CLIENT_VERSION) > DTLS_1_2;
  }

  /** The fatal alert protocol_version (RFC 5246 §7.2.2) in answer to a ClientHello. */
  static Bytes protocolVersionAlert(Bytes hello) {
    Bytes head = Bytes.of(ALERT, 0xfe, 0xff);
    return head.concat(hello.slice(EPOCH, LENGTH)).concat(Bytes.of(0, 2, 2, 70));
  }

  static boolean isHelloVerifyRequest(Bytes datagram) {
    return isInTheClear(datagram, HELLO_VERIFY_REQUEST);
  }

  /** Whether it begins a server's flight, which only a client with the right cookie gets. */
  static boolean isServerHello(Bytes datagram) {
    return isInTheClear(datagram, SERVER_HELLO);
  }

  /** Whether it belongs to a handshake and not to the data after it. */
  static boolean isHandshake(Bytes datagram) {
    return datagram.at(0) == HANDSHAKE || datagram.at(0) == CHANGE_CIPHER_SPEC;
  }

  private static boolean isInTheClear(Bytes datagram, int messageType) {
    return datagram.length() > HEADER
        && datagram.at(0) == HANDSHAKE
        && datagram.uint16(EPOCH) == 0
        && datagram.at(HEADER) == messageType;
  }

  /**
   * Whether a datagram that arrives during a handshake must be dropped, to be sent again by the
   * other side, because the JDK's engine would fail on it: what is protected before the
   * ChangeCipherSpec came (it trips over a Finished that comes twice), and, if {@code strict}, a
   * ChangeCipherSpec that overtook another record (it does not know that a NewSessionTicket may be
   * missing).
   */
  boolean isPremature(Bytes datagram, boolean strict) {
    if (datagram.length() < HEADER || (datagram.uint16(EPOCH) > 0 && !cipherChanged)) {
      return true;
    }
    return anyRecord(datagram, at -> isPrematureRecord(datagram, at, strict));
  }

  private boolean isPrematureRecord(Bytes datagram, int at, boolean strict) {
    long sequence = datagram.int64(at + EPOCH) & 0xffff_ffff_ffffL;
    if (datagram.uint16(at + EPOCH) > 0 || sequence >= MOST_RECORDS) {
      return false;
    }
    int number = (int) sequence;
    boolean serverHello =
        datagram.at(at) == HANDSHAKE
            && at + HEADER < datagram.length()
            && datagram.at(at + HEADER) == SERVER_HELLO;
    if (serverHello) {
      // What came before it is no part of this flight.
      seen.set(0, number);
    }
    if (datagram.at(at) != CHANGE_CIPHER_SPEC) {
      seen.set(number);
      return false;
    }
    if (strict && seen.nextClearBit(0) < number) {
      return true;
    }
    seen.set(number);
    cipherChanged = true;
    return false;
  }

  private static boolean anyRecord(Bytes datagram, Predicate<Integer> test) {
    for (int at = 0; at + HEADER <= datagram.length(); ) {
      if (test.test(at)) {
        return true;
      }
      at += HEADER + datagram.uint16(at + LENGTH);
    }
    return false;
  }
}

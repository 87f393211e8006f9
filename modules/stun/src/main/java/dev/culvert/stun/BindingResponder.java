package dev.culvert.stun;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.attribute.Attribute;
import dev.culvert.stun.attribute.AttributeType;
import dev.culvert.stun.attribute.ChangedAddress;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.OtherAddress;
import dev.culvert.stun.attribute.ResponseOrigin;
import dev.culvert.stun.attribute.Software;
import dev.culvert.stun.attribute.SourceAddress;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Answers Binding requests that arrive at one address, from buffer to buffer and without memory of
 * any request (RFC 8489 §12, RFC 5780 §6, and RFC 3489 for clients without the magic cookie). It
 * allocates nothing, save that the JDK hands out an {@link java.net.Inet6Address} as a copy only;
 * who has its bytes gives those.
 *
 * <p>An answer never takes more than 2.5 times the bytes of its request on the wire, IP and UDP
 * headers counted, so that nobody gains much from asking in another's name.
 *
 * <p>Safe to share between threads, each with its own {@link BindingReply}.
 */
public final class BindingResponder {
  /** The room that every response buffer must have. */
  public static final int MINIMUM_ROOM = 256;

  private static final int SUCCESS = 0x0101;
  private static final int ERROR = 0x0111;
  private static final int MAX_UNKNOWN_LISTED = 32;
  private static final int FINGERPRINT_LENGTH = 8;
  private static final byte[] NO_ERROR = new byte[0];

  private final boolean canChange;
  private final boolean stream;
  private final boolean dtls;
  private final int paddingLength;
  private final byte[] software;

  /** What an answer from each of the four sockets says of the server's addresses. */
  private final byte[][] addresses = new byte[4][];

  private final byte[][] classicAddresses = new byte[4][];
  private final byte[] badRequest = encode(ErrorCode.of(ErrorCode.BAD_REQUEST));
  private final byte[] unknownAttribute = encode(ErrorCode.of(ErrorCode.UNKNOWN_ATTRIBUTE));
  private final byte[] serverError = encode(ErrorCode.of(ErrorCode.SERVER_ERROR));

  /** What became of a request. */
  public enum Outcome {
    /** A success response was written. */
    ANSWERED(true),
    /** An error response was written. */
    REFUSED(true),
    /** Silence: something else than STUN. */
    NOT_STUN(false),
    /** Silence: STUN that breaks its rules. */
    MALFORMED(false),
    /** Silence: an indication, a response, or another method. */
    NOT_A_BINDING_REQUEST(false);

    private final boolean sent;

    Outcome(boolean sent) {
      this.sent = sent;
    }

    /** Whether there is a response to be sent. */
    public boolean isSent() {
      return sent;
    }
  }

  /** Answers for the address that {@code service} describes. */
  public BindingResponder(BindingService service) {
    canChange = service.canChange();
    stream = service.transport().isStream();
    dtls = service.transport() == Transport.DTLS;
    paddingLength = service.paddingLength();
    software = service.software().map(text -> encode(new Software(text))).orElse(new byte[0]);
    for (BindingReply.Source source : BindingReply.Source.values()) {
      TransportAddress from = service.addressOf(source);
      addresses[index(source)] =
          service
              .other()
              .map(other -> encode(new ResponseOrigin(from), new OtherAddress(other)))
              .orElseGet(() -> encode(new ResponseOrigin(from)));
      classicAddresses[index(source)] =
          service
              .other()
              .map(other -> encode(new SourceAddress(from), new ChangedAddress(other)))
              .orElseGet(() -> encode(new SourceAddress(from)));
    }
  }

  private static byte[] encode(Attribute... attributes) {
    TransactionId none = new TransactionId(0, 0);
    Bytes message = StunCodec.encode(StunMessage.request(Method.BINDING, none, attributes));
    return message.slice(StunCodec.HEADER_LENGTH).toByteArray();
  }

  private static int index(BindingReply.Source source) {
    return (source.isOtherIp() ? 2 : 0) + (source.isOtherPort() ? 1 : 0);
  }

  /**
   * Answers one request, or says why not.
   *
   * @param request one datagram or one message of a stream, from position to limit, both of which
   *     stay as they are; big-endian
   * @param ip where it came from
   * @param port where it came from
   * @param response where the response is written from its position on, which moves to its end; at
   *     least {@link #MINIMUM_ROOM} bytes, and as many more as padded responses shall have;
   *     big-endian
   * @param reply where the response is to be sent from and to
   */
  public Outcome respond(
      ByteBuffer request, InetAddress ip, int port, ByteBuffer response, BindingReply reply) {
    return ip instanceof Inet4Address
        ? respond(request, true, 0, Ipv4.toInt(ip), port, response, reply)
        : respond(request, ip.getAddress(), port, response, reply);
  }

  /**
   * Answers one request as {@link #respond(ByteBuffer, InetAddress, int, ByteBuffer, BindingReply)}
   * does.
   *
   * @param ip where it came from: four or sixteen bytes in network order
   */
  public Outcome respond(
      ByteBuffer request, byte[] ip, int port, ByteBuffer response, BindingReply reply) {
    return ip.length == 4
        ? respond(request, true, 0, bits(ip, 0, 4), port, response, reply)
        : respond(request, false, bits(ip, 0, 8), bits(ip, 8, 16), port, response, reply);
  }

  private static long bits(byte[] bytes, int from, int to) {
    long bits = 0;
    for (int i = from; i < to; i++) {
      bits = bits << 8 | (bytes[i] & 0xff);
    }
    return bits;
  }

  private Outcome respond(
      ByteBuffer request,
      boolean ipv4,
      long high,
      long low,
      int port,
      ByteBuffer response,
      BindingReply reply) {
    if (response.remaining() < MINIMUM_ROOM
        || request.order() != ByteOrder.BIG_ENDIAN
        || response.order() != ByteOrder.BIG_ENDIAN) {
      throw new IllegalArgumentException(
          "buffers are big-endian, and a response has " + MINIMUM_ROOM + " bytes of room");
    }
    BindingScan scan = reply.scan;
    Outcome outcome = scan.read(request, reply.crc);
    if (!outcome.isSent()) {
      return outcome;
    }
    int start = response.position();
    int headers = ipv4 ? 28 : 48;
    int end = start + (request.remaining() + headers) * 5 / 2 - headers;
    int room = Math.min(end, response.limit()) - (scan.fingerprint ? FINGERPRINT_LENGTH : 0);
    byte[] error = errorFor(scan);
    response.putShort((short) (error.length > 0 ? ERROR : SUCCESS)).putShort((short) 0);
    response.putLong(request.getLong(request.position() + 4));
    response.putLong(request.getLong(request.position() + 12));
    if (error.length > 0) {
      reply.set(BindingReply.Source.ASKED, port);
      response.put(error);
      if (error == unknownAttribute) {
        putUnknown(request, response, scan);
      }
    } else {
      boolean change = scan.changeRequest > 0;
      BindingReply.Source source =
          BindingReply.Source.of(
              change && (scan.changeRequest & 4) != 0, change && (scan.changeRequest & 2) != 0);
      reply.set(source, scan.responsePort == BindingScan.ABSENT ? port : scan.responsePort);
      if (!scan.classic) {
        putXorMapped(request, response, ipv4, high, low, port);
      }
      putMapped(response, ipv4, high, low, port);
      response.put((scan.classic ? classicAddresses : addresses)[index(source)]);
      if (scan.padding) {
        putPadding(response, room);
      }
    }
    if (!scan.classic && response.position() + software.length <= room) {
      response.put(software);
    }
    finish(response, start, scan.fingerprint, reply);
    return error.length > 0 ? Outcome.REFUSED : Outcome.ANSWERED;
  }

  /** The ERROR-CODE that a request earns; empty if none. */
  private byte[] errorFor(BindingScan scan) {
    if (scan.classic && dtls) {
      // RFC 8489 §11.
      return serverError;
    }
    if (scan.unknown || isChangeRefused(scan) || isResponsePortRefused(scan)) {
      return unknownAttribute;
    }
    // RFC 5780 §6.1 forbids both at once; nothing can be sent to port 0.
    boolean badPort = scan.responsePort == 0;
    return badPort || (scan.responsePort != BindingScan.ABSENT && scan.padding)
        ? badRequest
        : NO_ERROR;
  }

  /**
   * RFC 5780 §6.1. Many RFC 3489 clients send CHANGE-REQUEST without a flag in every request; they
   * ask for nothing, and get their answer.
   */
  private boolean isChangeRefused(BindingScan scan) {
    boolean asks = scan.classic ? scan.changeRequest > 0 : scan.changeRequest != BindingScan.ABSENT;
    return asks && !canChange;
  }

  private boolean isResponsePortRefused(BindingScan scan) {
    return stream && scan.responsePort != BindingScan.ABSENT;
  }

  /** UNKNOWN-ATTRIBUTES, each type once (RFC 8489 §14.13; padded by repetition in RFC 3489). */
  private void putUnknown(ByteBuffer request, ByteBuffer response, BindingScan scan) {
    int header = response.position();
    response.putShort((short) AttributeType.UNKNOWN_ATTRIBUTES).putShort((short) 0);
    int first = response.position();
    int at = request.position() + StunCodec.HEADER_LENGTH;
    int type = 0;
    while (at < request.limit()
        && type != AttributeType.MESSAGE_INTEGRITY
        && type != AttributeType.MESSAGE_INTEGRITY_SHA256
        && response.position() - first < 2 * MAX_UNKNOWN_LISTED) {
      type = Short.toUnsignedInt(request.getShort(at));
      if (isRefused(type, scan) && !isListed(response, first, type)) {
        response.putShort((short) type);
      }
      at += 4 + (Short.toUnsignedInt(request.getShort(at + 2)) + 3 & ~3);
    }
    int length = response.position() - first;
    if (length % 4 != 0) {
      short last = response.getShort(response.position() - 2);
      response.putShort(scan.classic ? last : 0);
    }
    response.putShort(header + 2, (short) (scan.classic ? length + 3 & ~3 : length));
  }

  private boolean isRefused(int type, BindingScan scan) {
    return BindingScan.isUnknown(type)
        || (type == AttributeType.CHANGE_REQUEST && isChangeRefused(scan))
        || (type == AttributeType.RESPONSE_PORT && isResponsePortRefused(scan));
  }

  private static boolean isListed(ByteBuffer response, int first, int type) {
    for (int i = first; i < response.position(); i += 2) {
      if (Short.toUnsignedInt(response.getShort(i)) == type) {
        return true;
      }
    }
    return false;
  }

  private static void putXorMapped(
      ByteBuffer request, ByteBuffer response, boolean ipv4, long high, long low, int port) {
    int cookie = StunCodec.MAGIC_COOKIE;
    int masked = port ^ cookie >>> 16;
    response.putShort((short) AttributeType.XOR_MAPPED_ADDRESS);
    if (ipv4) {
      response.putShort((short) 8).putShort((short) 1).putShort((short) masked);
      response.putInt((int) low ^ cookie);
    } else {
      response.putShort((short) 20).putShort((short) 2).putShort((short) masked);
      response.putLong(high ^ request.getLong(request.position() + 4));
      response.putLong(low ^ request.getLong(request.position() + 12));
    }
  }

  private static void putMapped(ByteBuffer response, boolean ipv4, long high, long low, int port) {
    response.putShort((short) AttributeType.MAPPED_ADDRESS);
    if (ipv4) {
      response.putShort((short) 8).putShort((short) 1).putShort((short) port).putInt((int) low);
    } else {
      response.putShort((short) 20).putShort((short) 2).putShort((short) port);
      response.putLong(high).putLong(low);
    }
  }

  private void putPadding(ByteBuffer response, int room) {
    int length = Math.min(paddingLength, Math.max(0, room - response.position() - 4) & ~3);
    response.putShort((short) AttributeType.PADDING).putShort((short) length);
    for (int i = 0; i < length; i += 4) {
      response.putInt(0);
    }
  }

  private static void finish(
      ByteBuffer response, int start, boolean fingerprint, BindingReply reply) {
    int length = response.position() - start - StunCodec.HEADER_LENGTH;
    if (!fingerprint) {
      response.putShort(start + 2, (short) length);
      return;
    }
    response.putShort(start + 2, (short) (length + FINGERPRINT_LENGTH));
    int limit = response.limit();
    reply.crc.reset();
    response.flip().position(start);
    reply.crc.update(response);
    response.limit(limit);
    response.putShort((short) AttributeType.FINGERPRINT).putShort((short) 4);
    response.putInt((int) reply.crc.getValue() ^ StunCodec.FINGERPRINT_XOR);
  }
}

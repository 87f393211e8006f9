package dev.culvert.transport.mdns;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.DatagramPacket;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.dns.DatagramDnsQueryDecoder;
import io.netty.handler.codec.dns.DatagramDnsQueryEncoder;
import io.netty.handler.codec.dns.DatagramDnsResponseDecoder;
import io.netty.handler.codec.dns.DatagramDnsResponseEncoder;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DefaultDnsRawRecord;
import io.netty.handler.codec.dns.DefaultDnsRecordDecoder;
import io.netty.handler.codec.dns.DnsQuery;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordDecoder;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import java.net.IDN;

/**
 * Netty's DNS codec for both kinds of message on one socket. Names that are not host names, as
 * those of services are not, become the root; of records only addresses and those of services are
 * kept.
 */
final class Codec {
  private static final int LONGEST_NAME = 255;
  private static final String ROOT = ".";

  private Codec() {}

  static void into(ChannelPipeline pipeline) {
    Reader reader = new Reader();
    pipeline.addLast(
        new DatagramDnsQueryDecoder(reader) {
          @Override
          public boolean acceptInboundMessage(Object message) {
            return message instanceof DatagramPacket packet && !Gate.isResponse(packet);
          }
        },
        new DatagramDnsResponseDecoder(reader) {
          @Override
          public boolean acceptInboundMessage(Object message) {
            return message instanceof DatagramPacket packet && Gate.isResponse(packet);
          }
        },
        new DatagramDnsQueryEncoder() {
          @Override
          public boolean acceptOutboundMessage(Object message) {
            return message instanceof DnsQuery;
          }
        },
        new DatagramDnsResponseEncoder() {
          @Override
          public boolean acceptOutboundMessage(Object message) {
            return message instanceof DnsResponse;
          }
        });
  }

  private static String hostName(String name) {
    if (name.length() > LONGEST_NAME) {
      throw new CorruptedFrameException("a name of " + name.length() + " characters");
    }
    try {
      return IDN.toASCII(name).isEmpty() ? ROOT : name;
    } catch (IllegalArgumentException e) {
      return ROOT;
    }
  }

  private static final class Reader implements DnsRecordDecoder {
    private final Records records = new Records();

    @Override
    public DnsQuestion decodeQuestion(ByteBuf in) {
      String name = hostName(DefaultDnsRecordDecoder.decodeName(in));
      DnsRecordType type = DnsRecordType.valueOf(in.readUnsignedShort());
      return new DefaultDnsQuestion(name, type, in.readUnsignedShort());
    }

    @Override
    @SuppressWarnings("TypeParameterUnusedInFormals") // Netty's.
    public <T extends DnsRecord> T decodeRecord(ByteBuf in) throws Exception {
      return records.decodeRecord(in);
    }
  }

  private static final class Records extends DefaultDnsRecordDecoder {
    /** Priority, weight and port (RFC 2782). */
    private static final int PLACE = 6;

    private static DnsRecord record(
        String name, DnsRecordType type, int dnsClass, long timeToLive, ByteBuf data) {
      return new DefaultDnsRawRecord(hostName(name), type, dnsClass, timeToLive, data);
    }

    /** Without the compression that refers to the rest of the message; the root for no name. */
    private static ByteBuf encodedName(ByteBuf data) {
      try {
        return ServiceRecords.encoded(hostName(decodeName(data)));
      } catch (CorruptedFrameException e) {
        // Whatever else the message says may be good.
        return ServiceRecords.encoded(ROOT);
      }
    }

    @Override
    protected DnsRecord decodeRecord(
        String name,
        DnsRecordType type,
        int dnsClass,
        long timeToLive,
        ByteBuf in,
        int offset,
        int length) {
      ByteBuf data = in.duplicate().setIndex(offset, offset + length);
      if (type.equals(DnsRecordType.PTR)) {
        return record(name, type, dnsClass, timeToLive, encodedName(data));
      }
      if (type.equals(DnsRecordType.SRV) && length > PLACE) {
        ByteBuf place = Unpooled.buffer().writeBytes(data, PLACE);
        return record(name, type, dnsClass, timeToLive, place.writeBytes(encodedName(data)));
      }
      if (type.equals(DnsRecordType.TXT)) {
        return record(name, type, dnsClass, timeToLive, Unpooled.copiedBuffer(data));
      }
      boolean address = type.equals(DnsRecordType.A) || type.equals(DnsRecordType.AAAA);
      return address
          ? new DefaultDnsRawRecord(
              hostName(name),
              type,
              dnsClass,
              timeToLive,
              in.retainedDuplicate().setIndex(offset, offset + length))
          : new DefaultDnsRawRecord(ROOT, type, dnsClass, timeToLive, Unpooled.EMPTY_BUFFER);
    }
  }
}

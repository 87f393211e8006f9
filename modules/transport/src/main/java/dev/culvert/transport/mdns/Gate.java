package dev.culvert.transport.mdns;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import io.netty.handler.codec.dns.DatagramDnsQuery;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.util.function.Predicate;

/**
 * Lets in what can be a message of this link (RFC 6762 §6, §11, §18), at a rate that a loop bears.
 */
final class Gate extends ChannelInboundHandlerAdapter {
  static final int QUERY_OR_RESPONSE = 0x8000;
  private static final int OPCODE_AND_RCODE = 0x780f;
  private static final int HEADER = 12;
  private static final int MOST_QUESTIONS = 64;
  private static final int MOST_RECORDS = 512;
  private static final int MESSAGES_PER_SECOND = 500;

  private final Predicate<InetAddress> onLink;
  private final Counts counts;
  private final Budget budget = new Budget(MESSAGES_PER_SECOND);

  Gate(Predicate<InetAddress> onLink, Counts counts) {
    this.onLink = onLink;
    this.counts = counts;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof DatagramPacket packet && passes(context, packet)) {
      context.fireChannelRead(packet);
    } else {
      ReferenceCountUtil.release(message);
    }
  }

  private boolean passes(ChannelHandlerContext context, DatagramPacket packet) {
    if (!budget.takes(context.executor().ticker().nanoTime())) {
      counts.excess.increment();
      return false;
    }
    ByteBuf bytes = packet.content();
    if (bytes.readableBytes() < HEADER || tooMany(bytes)) {
      counts.malformed.increment();
      return false;
    }
    boolean response = isResponse(packet);
    if (packet.sender() == null
        || !onLink.test(packet.sender().getAddress())
        || (response && packet.sender().getPort() != LinkSocket.PORT)) {
      counts.foreign.increment();
      return false;
    }
    return (flags(packet) & OPCODE_AND_RCODE) == 0;
  }

  private static boolean tooMany(ByteBuf bytes) {
    int records = 0;
    for (int section = 1; section < 4; section++) {
      records += bytes.getUnsignedShort(bytes.readerIndex() + 4 + 2 * section);
    }
    return bytes.getUnsignedShort(bytes.readerIndex() + 4) > MOST_QUESTIONS
        || records > MOST_RECORDS;
  }

  private static int flags(DatagramPacket packet) {
    return packet.content().getUnsignedShort(packet.content().readerIndex() + 2);
  }

  /** Whether it is no {@link DatagramDnsQuery}; only of what came through the gate. */
  static boolean isResponse(DatagramPacket packet) {
    return (flags(packet) & QUERY_OR_RESPONSE) != 0;
  }
}

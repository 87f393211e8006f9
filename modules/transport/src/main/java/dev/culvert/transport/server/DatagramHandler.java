package dev.culvert.transport.server;

import dev.culvert.sansio.Transport;
import dev.culvert.stun.BindingReply;
import dev.culvert.stun.BindingResponder;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Answers the requests that one UDP socket reads: one flush a batch, no object per datagram beside
 * Netty's.
 */
final class DatagramHandler extends ChannelInboundHandlerAdapter {
  /** Header bytes below UDP's payload. */
  private static final int IPV4_UDP = 28;

  private static final int IPV6_UDP = 48;

  /** Binding indications are kept silent about, by the relay too. */
  private static final int BINDING_REQUEST = 0x0001;

  private static final byte[] NO_BYTES = {};

  private final DatagramSet set;
  private final int corner;
  private final BindingResponder responder;
  private @Nullable ClientSocket relayed;
  private long batchTime;
  private boolean inBatch;

  DatagramHandler(DatagramSet set, int corner) {
    this.set = set;
    this.corner = corner;
    responder = set.corners.responder(corner, Transport.UDP);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    RelayLoop relay = set.loop.relay;
    if (relay != null && ctx.channel() instanceof DatagramChannel channel) {
      relay.platform.tuneRelay(channel, relay.sockets);
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    RelayLoop relay = set.loop.relay;
    if (relay != null && ctx.channel() instanceof DatagramChannel channel) {
      relayed = relay.addSocket(channel, set.corners.at(corner));
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (set.loop.relay != null && relayed != null) {
      set.loop.relay.removeSocket(relayed);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    DatagramPacket packet = (DatagramPacket) message;
    try {
      ByteBuf content = packet.content();
      set.loop.counts.add(
          relayed == null || isBinding(content)
              ? answer(ctx, packet)
              : relayed.receive(content, packet.sender()));
    } finally {
      packet.release();
    }
  }

  /** Whether it could be a Binding request, which is any client's; others are the relay's. */
  private static boolean isBinding(ByteBuf content) {
    return content.readableBytes() >= 2
        && content.getUnsignedShort(content.readerIndex()) == BINDING_REQUEST;
  }

  private ServerCount answer(ChannelHandlerContext ctx, DatagramPacket packet) {
    LoopState loop = set.loop;
    ByteBuf content = packet.content();
    InetSocketAddress sender = packet.sender();
    int length = Math.min(content.readableBytes(), loop.requestBytes.length);
    content.getBytes(content.readerIndex(), loop.requestBytes, 0, length);
    ByteBuffer request = loop.request.clear().limit(length);
    ByteBuffer response = loop.response.clear();
    InetAddress ip = sender.getAddress();
    int port = sender.getPort();
    // Of an IPv6 address the JDK hands out copies; one is enough.
    byte[] ipv6 = ip instanceof Inet6Address ? ip.getAddress() : NO_BYTES;
    boolean answered =
        port != 0
            && (ipv6.length == 0
                    ? responder.respond(request, ip, port, response, loop.reply)
                    : responder.respond(request, ipv6, port, response, loop.reply))
                .isSent();
    if (!answered) {
      return ServerCount.DROPPED_GARBAGE;
    }
    int header = ipv6.length == 0 ? IPV4_UDP : IPV6_UDP;
    int wireLength = response.position() + header;
    // The promise of docs/security.md, whatever the responder does.
    if (2 * wireLength > 5 * (length + header)) {
      return ServerCount.DROPPED_AMPLIFICATION;
    }
    boolean admitted =
        ip instanceof Inet6Address address
            ? loop.limiter.admit(address, ipv6, wireLength, now())
            : loop.limiter.admit(ip, wireLength, now());
    if (!admitted) {
      return ServerCount.DROPPED_RATE;
    }
    int from = corner ^ flip(loop.reply.source());
    if (!set.canWrite(from)) {
      return ServerCount.DROPPED_UNSENT;
    }
    ByteBuf out = loop.responses.take(response.position(), ctx.alloc());
    out.writeBytes(loop.responseBytes, 0, response.position());
    int target = loop.reply.port();
    InetSocketAddress to = target == port ? sender : new InetSocketAddress(ip, target);
    set.write(from, new DatagramPacket(out, to));
    return ServerCount.UDP_ANSWERED;
  }

  private static int flip(BindingReply.Source source) {
    return (source.isOtherIp() ? Corners.CHANGE_IP : 0)
        | (source.isOtherPort() ? Corners.CHANGE_PORT : 0);
  }

  private long now() {
    if (!inBatch) {
      inBatch = true;
      batchTime = System.nanoTime();
    }
    return batchTime;
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    inBatch = false;
    set.flush();
    if (set.loop.relay != null) {
      set.loop.relay.endBatch();
    }
  }

  /** A send that the system refused, or an error that some earlier datagram met on its way. */
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    set.loop.counts.add(ServerCount.DROPPED_UNSENT);
  }
}

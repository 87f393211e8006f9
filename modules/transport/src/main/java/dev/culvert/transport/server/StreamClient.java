package dev.culvert.transport.server;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.StunCodec;
import dev.culvert.turn.ChannelData;
import dev.culvert.turn.server.Client;
import dev.culvert.turn.server.ClientForward;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;

/**
 * One TCP or TLS connection as the relay sees it. The engine hears of it with its first message. A
 * client that does not take what is sent loses datagrams, as it would over UDP.
 */
@SuppressWarnings("FutureReturnValueIgnored") // What fails closes the channel, which is told.
final class StreamClient implements ClientSink {
  /** ChannelData that is written at once, for TLS one record. */
  private static final int CHUNK = 16 << 10;

  private static final int CONNECTION_BIND = 0x000b;

  private final RelayLoop relay;
  private final Channel channel;
  private final Flow address;
  private @Nullable Flow flow;
  private @Nullable Visit visit;
  private @Nullable ByteBuf pending;
  private boolean unflushed;
  private boolean away;

  /** What the relay of another loop, which has the peer's connection, knows it by. */
  private record Visit(RelayLoop home, Flow flow) {}

  StreamClient(
      RelayLoop relay,
      Channel channel,
      Transport transport,
      TransportAddress local,
      TransportAddress remote) {
    this.relay = relay;
    this.channel = channel;
    address = new Flow(0, transport, local, remote);
  }

  private static Flow flow(long id, Flow address) {
    return new Flow(id, address.transport(), address.local(), address.remote());
  }

  private @Nullable Client client() {
    return flow == null ? null : relay.client(flow.id());
  }

  boolean hasAllocation() {
    return client() != null;
  }

  /** Whether another loop is at work with its last message, so that nothing more may be read. */
  boolean isAway() {
    return away;
  }

  /** Passes ChannelData on; whether the client has an allocation. */
  boolean relay(ByteBuf in, int start, int length) {
    Client client = client();
    if (client == null) {
      return false;
    }
    int header = ChannelData.HEADER_LENGTH;
    relay.toPeer(client, in.getUnsignedShort(start), in, start + header, length);
    return true;
  }

  /** Takes a message that is no Binding request; whether it could be one at all. */
  boolean receive(ChannelHandlerContext ctx, StreamHandler handler, byte[] bytes) {
    Bytes message = Bytes.wrap(bytes);
    if (!StunCodec.looksLikeStun(message)) {
      return false;
    }
    boolean binds = message.uint16(0) == CONNECTION_BIND;
    RelayLoop home = binds ? relay.homeOf(message) : relay;
    if (home != relay && (visit == null || visit.home == home)) {
      away = true;
      channel.config().setAutoRead(false);
      home.loop.eventLoop.execute(() -> visit(ctx, handler, home, message));
      return true;
    }
    Flow own = flow;
    if (own == null) {
      own = flow(relay.newId(), address);
      flow = own;
      relay.opened(own, this);
    }
    relay.receiveMessage(own, message);
    if (binds) {
      become(ctx, handler, relay.join(own.id(), channel));
    }
    return true;
  }

  /** On the home's loop. */
  private void visit(
      ChannelHandlerContext ctx, StreamHandler handler, RelayLoop home, Bytes message) {
    Visit known = visit;
    if (known == null) {
      known = new Visit(home, flow(home.newId(), address));
      visit = known;
      home.opened(known.flow, new Distant(channel));
    }
    home.receiveMessage(known.flow, message);
    Pipe pipe = home.join(known.flow.id(), channel);
    home.endBatch();
    channel.eventLoop().execute(() -> comeBack(ctx, handler, pipe));
  }

  private void comeBack(ChannelHandlerContext ctx, StreamHandler handler, @Nullable Pipe pipe) {
    away = false;
    if (pipe != null) {
      become(ctx, handler, pipe);
    } else if (!ctx.isRemoved()) {
      channel.config().setAutoRead(true);
      handler.readOn(ctx);
    }
  }

  private void become(ChannelHandlerContext ctx, StreamHandler handler, @Nullable Pipe pipe) {
    if (pipe == null) {
      return;
    }
    if (ctx.isRemoved()) {
      pipe.gone();
      return;
    }
    flush();
    ctx.pipeline().replace(handler, null, pipe);
    if (!channel.isActive()) {
      pipe.gone();
    }
  }

  /** The connection has ended. */
  void closed() {
    if (pending != null) {
      pending.release();
      pending = null;
    }
    if (flow != null) {
      relay.closed(flow.id(), CloseCause.FINISHED, "the connection ended");
    }
    Visit known = visit;
    if (known != null) {
      known.home.execute(
          () -> known.home.closed(known.flow.id(), CloseCause.FINISHED, "the connection ended"));
    }
  }

  void sendWaiting() {
    relay.sendWaiting();
  }

  void endBatch() {
    relay.endBatch();
  }

  @Override
  public void send(Output.Send send) {
    writePending();
    ByteBuf bytes = channel.alloc().directBuffer(send.payload().length());
    channel.write(bytes.writeBytes(send.payload().asByteBuffer()), channel.voidPromise());
    if (!channel.isWritable()) {
      // Responses are not dropped: who does not take them is not asked for more requests.
      channel.config().setAutoRead(false);
    }
    wantFlush();
  }

  @Override
  public void relay(ClientForward to, ByteBuf data) {
    int length = data.readableBytes();
    int padding = -length & 3;
    int size = ChannelData.HEADER_LENGTH + length + padding;
    if (pending != null && pending.writableBytes() < size) {
      writePending();
    }
    if (!channel.isWritable()) {
      relay.count(ServerCount.DROPPED_UNSENT);
      return;
    }
    if (pending == null) {
      pending = channel.alloc().directBuffer(Math.max(CHUNK, size));
    }
    pending.writeShort(to.channel()).writeShort(length);
    pending.writeBytes(data, data.readerIndex(), length).writeZero(padding);
    wantFlush();
  }

  private void wantFlush() {
    if (!unflushed) {
      unflushed = true;
      relay.wantsFlush(this::flush);
    }
  }

  private void writePending() {
    if (pending != null) {
      channel.write(pending, channel.voidPromise());
      pending = null;
    }
  }

  private void flush() {
    unflushed = false;
    writePending();
    channel.flush();
  }

  @Override
  public void close() {
    flush();
    channel.close();
  }

  /** Answers to a client whose connection is on another loop. */
  private record Distant(Channel channel) implements ClientSink {
    @Override
    public void send(Output.Send send) {
      channel.writeAndFlush(Unpooled.wrappedBuffer(send.payload().asByteBuffer()));
    }

    @Override
    public void relay(ClientForward to, ByteBuf data) {
      // It has no allocation there.
    }

    @Override
    public void close() {
      channel.close();
    }
  }
}

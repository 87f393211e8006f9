package dev.culvert.transport.server;

import dev.culvert.sansio.Bytes;
import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;

/** Sends through the channel, as every platform can. */
@SuppressWarnings("FutureReturnValueIgnored") // What fails is counted by the channel's handler.
final class QueuedSender implements DatagramSender {
  private final DatagramChannel channel;
  private final RelayLoop relay;
  private boolean unflushed;

  QueuedSender(DatagramChannel channel, RelayLoop relay) {
    this.channel = channel;
    this.relay = relay;
  }

  @Override
  public void send(ByteBuf data, int index, int length, InetSocketAddress to) {
    write(channel.alloc().directBuffer(length).writeBytes(data, index, length), to);
  }

  @Override
  public void sendChannelData(int number, ByteBuf data, InetSocketAddress to) {
    int length = data.readableBytes();
    ByteBuf framed = channel.alloc().directBuffer(length + 4);
    write(
        framed.writeShort(number).writeShort(length).writeBytes(data, data.readerIndex(), length),
        to);
  }

  @Override
  public void send(Bytes message, InetSocketAddress to, boolean dontFragment) {
    write(channel.alloc().directBuffer(message.length()).writeBytes(message.asByteBuffer()), to);
  }

  private void write(ByteBuf datagram, InetSocketAddress to) {
    if (!channel.isWritable()) {
      datagram.release();
      relay.count(ServerCount.DROPPED_UNSENT);
      return;
    }
    channel.write(new DatagramPacket(datagram, to), channel.voidPromise());
    if (!unflushed) {
      unflushed = true;
      relay.wantsFlush(this::flush);
    }
  }

  @Override
  public void flush() {
    unflushed = false;
    channel.flush();
  }
}

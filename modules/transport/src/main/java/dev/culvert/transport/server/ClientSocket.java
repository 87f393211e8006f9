package dev.culvert.transport.server;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.turn.server.Client;
import dev.culvert.turn.server.ClientForward;
import dev.culvert.turn.server.ClientTable;
import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;

/** One UDP socket that clients send to, as its loop's relay sees it. */
final class ClientSocket implements ClientSink {
  private final RelayLoop relay;
  private final Flow flow;
  private final ClientTable clients;
  private final DatagramSender sender;

  /**
   * A socket that the relay knows.
   *
   * @param flow its id and address; the remote address does not count
   */
  ClientSocket(RelayLoop relay, Flow flow, ClientTable clients, DatagramSender sender) {
    this.relay = relay;
    this.flow = flow;
    this.clients = clients;
    this.sender = sender;
  }

  long id() {
    return flow.id();
  }

  /** A datagram that is no Binding request; says what became of it. */
  ServerCount receive(ByteBuf datagram, InetSocketAddress sender) {
    int length = datagram.readableBytes();
    int start = datagram.readerIndex();
    int first = length < 4 ? -1 : datagram.getByte(start) & 0xc0;
    if (first == 0x40) {
      Client client = clients.find(sender);
      int size = datagram.getUnsignedShort(start + 2);
      if (client == null || 4 + size > length) {
        return ServerCount.DROPPED_GARBAGE;
      }
      relay.toPeer(client, datagram.getUnsignedShort(start), datagram, start + 4, size);
      return ServerCount.RELAY;
    }
    if (first != 0 || sender.getPort() == 0) {
      return ServerCount.DROPPED_GARBAGE;
    }
    byte[] bytes = new byte[length];
    datagram.getBytes(start, bytes);
    TransportAddress from = TransportAddress.of(sender);
    relay.receive(new Flow(flow.id(), Transport.UDP, flow.local(), from), Bytes.wrap(bytes));
    return ServerCount.RELAY;
  }

  @Override
  public void send(Output.Send send) {
    sender.send(send.payload(), send.flow().remote().toSocketAddress(), send.dontFragment());
  }

  @Override
  public void relay(ClientForward to, ByteBuf data) {
    sender.sendChannelData(to.channel(), data, to.remote());
  }

  @Override
  public void close() {}
}

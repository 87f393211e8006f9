package dev.culvert.transport.server;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.turn.server.ClientForward;
import dev.culvert.turn.server.RelaySocket;
import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** What comes to one relayed address. Belongs to its loop. */
final class PeerDatagrams {
  private final RelayLoop relay;
  private final long id;
  private final TransportAddress local;
  private @Nullable RelaySocket socket;

  PeerDatagrams(RelayLoop relay, long id, TransportAddress local) {
    this.relay = relay;
    this.id = id;
    this.local = local;
  }

  /** A datagram; its memory must stay until {@link #endBatch}. */
  void receive(ByteBuf data, InetSocketAddress peer) {
    RelaySocket known = socket;
    if (known == null) {
      known = relay.socket(id);
      socket = known;
    }
    if (known == null) {
      return;
    }
    ClientForward to =
        known.toClient(peer.getAddress(), peer.getPort(), data.readableBytes(), relay.now());
    if (to == null) {
      return;
    }
    if (to.channel() != 0) {
      relay.toClient(to, data);
      return;
    }
    byte[] bytes = new byte[data.readableBytes()];
    data.getBytes(data.readerIndex(), bytes);
    Flow flow = new Flow(id, Transport.UDP, local, TransportAddress.of(peer));
    relay.receive(flow, Bytes.wrap(bytes));
  }

  /** All that was read at once has been handed over. */
  void endBatch() {
    relay.endBatch();
  }

  /** A datagram could not be read or sent. */
  void failed() {
    relay.count(ServerCount.DROPPED_UNSENT);
  }
}

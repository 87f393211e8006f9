package dev.culvert.transport.server;

import dev.culvert.sansio.Input;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.TransportAddress;
import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** The UDP sockets of one loop's relayed addresses, by the ids that the engine gave. */
@SuppressWarnings("FutureReturnValueIgnored") // What fails closes the channel, or is counted there.
final class RelaySockets {
  final ReceiveSlots slots = new ReceiveSlots();
  final SendBatch batch;
  private final RelayLoop relay;
  private final LongObjectMap<RelayPort> open = new LongObjectHashMap<>();

  RelaySockets(RelayLoop relay) {
    this.relay = relay;
    batch = new SendBatch(relay.loop.counts, relay.platform.cutsDatagrams());
  }

  /** What sends from a relayed address; null: it is gone. */
  @Nullable DatagramSender sender(long id) {
    RelayPort socket = open.get(id);
    return socket == null ? null : socket.sender();
  }

  /** Opens a socket and tells the engine. */
  void bind(Output.Bind bind) {
    relay.platform.openRelay(new Opening(relay, bind.id(), bind.local()));
  }

  /** A socket that is to be opened. */
  record Opening(RelayLoop relay, long id, TransportAddress local) {
    /** Takes what comes to the socket once it is open. */
    PeerDatagrams receiver(InetSocketAddress bound) {
      return new PeerDatagrams(relay, id, TransportAddress.of(bound));
    }

    /** It is open. */
    void opened(RelayPort port, InetSocketAddress bound) {
      relay.sockets.open.put(id, port);
      relay.tell(new Input.Bound(id, TransportAddress.of(bound), false));
    }

    /** It cannot be opened. */
    void failed(Throwable cause) {
      relay.tell(new Input.BindFailed(id, Binder.text(cause)));
    }
  }

  /**
   * Closes a socket, once the loop has handled the events that it has read: one of them may be
   * about this socket, and a new one with the same descriptor would be taken for it.
   */
  void close(long id) {
    RelayPort socket = open.remove(id);
    if (socket != null) {
      relay.loop.eventLoop.execute(socket::close);
    }
  }
}

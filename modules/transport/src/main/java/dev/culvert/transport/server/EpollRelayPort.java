package dev.culvert.transport.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelException;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.DatagramSocketAddress;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A relayed address's socket as the event loop's own handle. A relay has thousands of sockets with
 * a datagram now and then, where a channel's pipeline and its recvmmsg of one datagram cost more
 * than they save.
 */
final class EpollRelayPort implements EpollIoHandle, RelayPort {
  /** Reads in a row that took all they asked for before the next one asks for more. */
  private static final int PATIENCE = 4;

  private final Socket socket;
  private final ReceiveSlots slots;
  private final DatagramSender sender;
  private final PeerDatagrams receiver;
  private @Nullable IoRegistration registration;
  private int budget = 1;
  private int exhausted;

  private EpollRelayPort(Socket socket, DatagramSender sender, RelaySockets.Opening opening) {
    this.socket = socket;
    this.sender = sender;
    slots = opening.relay().sockets.slots;
    receiver = opening.receiver(socket.localAddress());
  }

  /** A datagram socket of one IP version. */
  private static final class Datagrams extends Socket {
    Datagrams(SocketProtocolFamily family) {
      super(newSocketDgram0(family));
    }
  }

  /** Binds a socket and hands it over. */
  static void open(RelaySockets.Opening opening) {
    Socket socket;
    try {
      socket = new Datagrams(Binder.family(opening.local()));
    } catch (ChannelException e) {
      opening.failed(e);
      return;
    }
    try {
      socket.bind(opening.local().toSocketAddress());
      add(socket, opening);
    } catch (IOException e) {
      close(socket);
      opening.failed(e);
    }
  }

  private static void add(Socket socket, RelaySockets.Opening opening) throws IOException {
    InetSocketAddress local = socket.localAddress();
    RelaySockets sockets = opening.relay().sockets;
    boolean ipv6 = local.getAddress() instanceof Inet6Address;
    DatagramSender sender = new NativeSender(socket, ipv6, sockets.slots, sockets.batch);
    EpollRelayPort port = new EpollRelayPort(socket, sender, opening);
    Future<IoRegistration> registered =
        ((IoEventLoop) opening.relay().loop.eventLoop).register(port);
    // On the loop's own thread it is done at once.
    if (!registered.isSuccess()) {
      throw new IOException("the event loop takes no more sockets", registered.cause());
    }
    port.registration = registered.getNow();
    port.registration.submit(EpollIoOps.EPOLLIN);
    opening.opened(port, local);
  }

  @Override
  public FileDescriptor fd() {
    return socket;
  }

  @Override
  public DatagramSender sender() {
    return sender;
  }

  /** Datagrams have come; where some are left, the loop calls again. */
  @Override
  public void handle(IoRegistration registration, IoEvent event) {
    int taken = 0;
    try {
      while (taken < budget && receive(taken)) {
        taken++;
      }
      if (taken == 0) {
        // An error that some earlier datagram met would be told for ever.
        socket.getSoError();
      }
    } catch (IOException e) {
      receiver.failed();
    }
    adapt(taken);
    receiver.endBatch();
  }

  private boolean receive(int index) throws IOException {
    ByteBuf slot = slots.slot(index);
    DatagramSocketAddress peer = socket.recvFromAddress(slot.memoryAddress(), 0, slot.capacity());
    if (peer == null) {
      return false;
    }
    slot.setIndex(0, peer.receivedAmount());
    receiver.receive(slot, peer);
    return true;
  }

  /** Asking once more than there is costs a call to the system; so does being called again. */
  private void adapt(int taken) {
    if (taken < budget) {
      budget = Math.max(1, taken);
      exhausted = 0;
    } else if (++exhausted >= PATIENCE) {
      budget = Math.min(ReceiveSlots.MOST, 2 * budget);
      exhausted = PATIENCE - 1;
    }
  }

  @Override
  public void close() {
    IoRegistration known = registration;
    if (known != null) {
      known.cancel();
    }
    close(socket);
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is gone in any case.
    }
  }
}

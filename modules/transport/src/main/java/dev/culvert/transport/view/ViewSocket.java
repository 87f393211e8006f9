package dev.culvert.transport.view;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.TransportAddress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.IllegalBlockingModeException;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A path, or all paths of an allocation, as a socket. Options of the system are taken and do
 * nothing; of datagrams that nobody receives it keeps 1,024.
 *
 * <p>What is not a method of {@link DatagramSocket} is for whoever carries the path, and may be
 * called on any thread.
 */
public final class ViewSocket extends DatagramSocket {
  /** So many datagrams may be on their way to the event loop before senders wait for it. */
  private static final int MOST_SENDING = 256;

  private final SocketPath path;
  private final Inbox inbox = new Inbox();
  private final BlockingQueue<Outgoing> outgoing = new ArrayBlockingQueue<>(MOST_SENDING);
  private final AtomicBoolean sending = new AtomicBoolean();
  private final Map<DatagramPacket, Room> rooms = Collections.synchronizedMap(new WeakHashMap<>());
  private final RememberedOptions options = new RememberedOptions();
  private volatile int timeoutMillis;
  private volatile boolean closed;
  private volatile @Nullable TransportAddress connected;

  /** How much a packet can hold, while its length tells of what it got last. */
  private record Room(int capacity, int lastLength) {}

  private record Outgoing(TransportAddress peer, ByteBuf data) {}

  /**
   * A socket that is open.
   *
   * @throws SocketException if the system has no sockets left; one is opened and closed at once
   */
  public ViewSocket(SocketPath path) throws SocketException {
    super((SocketAddress) null);
    this.path = path;
    this.connected = path.onlyPeer().orElse(null);
    // The real socket below is of no use.
    super.close();
  }

  /** Takes a datagram, without its reference; whether there was room. */
  public boolean deliver(TransportAddress peer, ByteBuf data) {
    byte[] copy = new byte[data.readableBytes()];
    data.getBytes(data.readerIndex(), copy);
    return deliver(peer, Bytes.wrap(copy));
  }

  /** Takes a datagram; whether there was room. */
  public boolean deliver(TransportAddress peer, Bytes data) {
    return inbox.offer(new Inbox.Datagram(peer, data));
  }

  /** Peers at this address cannot be sent to; told to the next one who tries. */
  public void refused(InetAddress ip, IOException why) {
    inbox.refused(ip, why);
  }

  /** Nothing can be sent, and nothing comes, any more. */
  public void end(String reason) {
    inbox.end(reason);
  }

  @Override
  public void send(DatagramPacket packet) throws IOException {
    inbox.check();
    TransportAddress peer = destination(packet);
    if (packet.getLength() > path.largest()) {
      throw new SocketException("a datagram has at most " + path.largest() + " bytes");
    }
    IOException refusal = inbox.takeRefusal(peer.ip());
    if (refusal != null) {
      throw refusal;
    }
    ByteBuf data = ByteBufAllocator.DEFAULT.directBuffer(Math.max(packet.getLength(), 1));
    data.writeBytes(packet.getData(), packet.getOffset(), packet.getLength());
    put(new Outgoing(peer, data));
    if (path.loop().inEventLoop()) {
      sendAll();
    } else if (sending.compareAndSet(false, true)) {
      try {
        path.loop().execute(this::sendAll);
      } catch (RejectedExecutionException e) {
        takeAll(datagram -> {});
      }
    }
  }

  /** As other sockets do, it holds up who sends more than it can take. */
  private void put(Outgoing datagram) throws IOException {
    boolean onLoop = path.loop().inEventLoop();
    boolean taken = false;
    try {
      while (!taken) {
        taken = onLoop ? outgoing.offer(datagram) : outgoing.offer(datagram, 1, TimeUnit.SECONDS);
        if (!taken && onLoop) {
          sendAll();
        } else if (!taken) {
          inbox.check();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting to send");
    } finally {
      if (!taken) {
        datagram.data().release();
      }
    }
  }

  private void sendAll() {
    // Before it looks: what is put in later comes with a call of its own.
    sending.set(false);
    path.batch(() -> takeAll(each -> path.send(each.peer(), each.data())));
  }

  private void takeAll(Consumer<Outgoing> action) {
    for (Outgoing next = outgoing.poll(); next != null; next = outgoing.poll()) {
      try {
        action.accept(next);
      } finally {
        next.data().release();
      }
    }
  }

  private TransportAddress destination(DatagramPacket packet) throws SocketException {
    TransportAddress only = connected;
    InetAddress ip = packet.getAddress();
    if (ip == null) {
      if (only == null) {
        throw new IllegalArgumentException("the packet names nobody to send it to");
      }
      return only;
    }
    if (packet.getPort() <= 0) {
      throw new IllegalArgumentException("the packet names no port");
    }
    TransportAddress peer = new TransportAddress(ip, packet.getPort());
    if (only != null && !only.equals(peer)) {
      throw new IllegalArgumentException("the socket is connected to " + only + ", not " + peer);
    }
    checkLeadsTo(peer);
    return peer;
  }

  private void checkLeadsTo(TransportAddress peer) throws SocketException {
    if (path.onlyPeer().filter(only -> !only.equals(peer)).isPresent()) {
      throw new SocketException("the path leads to " + path.onlyPeer().get() + ", not " + peer);
    }
  }

  @Override
  public void receive(DatagramPacket packet) throws IOException {
    if (path.loop().inEventLoop()) {
      throw new IllegalBlockingModeException();
    }
    Inbox.Datagram datagram =
        inbox.take(
            peer -> {
              TransportAddress only = connected;
              return only == null || only.equals(peer);
            },
            timeoutMillis);
    int length = Math.min(capacity(packet), datagram.data().length());
    datagram.data().slice(0, length).copyTo(packet.getData(), packet.getOffset());
    rooms.put(packet, new Room(capacity(packet), length));
    packet.setLength(length);
    packet.setSocketAddress(datagram.peer().toSocketAddress());
  }

  /** A packet is received into again and again, though its length is that of what it got last. */
  private int capacity(DatagramPacket packet) {
    Room room = rooms.get(packet);
    boolean untouched =
        room != null
            && room.lastLength() == packet.getLength()
            && packet.getOffset() + room.capacity() <= packet.getData().length;
    return room != null && untouched ? room.capacity() : packet.getLength();
  }

  @Override
  public void connect(InetAddress ip, int port) {
    TransportAddress peer = new TransportAddress(ip, port);
    if (path.onlyPeer().filter(only -> !only.equals(peer)).isPresent()) {
      throw new IllegalArgumentException("the path leads to " + path.onlyPeer().get() + " alone");
    }
    connected = peer;
  }

  @Override
  public void connect(SocketAddress address) throws SocketException {
    if (!(address instanceof InetSocketAddress inet) || inet.isUnresolved()) {
      throw new SocketException(address + " is no address of a peer");
    }
    TransportAddress peer = TransportAddress.of(inet);
    checkLeadsTo(peer);
    connected = peer;
  }

  @Override
  public void disconnect() {
    connected = null;
  }

  @Override
  public boolean isConnected() {
    return connected != null;
  }

  @Override
  public @Nullable InetAddress getInetAddress() {
    TransportAddress only = connected;
    return only == null ? null : only.ip();
  }

  @Override
  public int getPort() {
    TransportAddress only = connected;
    return only == null ? -1 : only.port();
  }

  @Override
  public @Nullable SocketAddress getRemoteSocketAddress() {
    TransportAddress only = connected;
    return only == null ? null : only.toSocketAddress();
  }

  /** Where peers send to, of an allocation; of a path this side's constant address. */
  @Override
  public @Nullable SocketAddress getLocalSocketAddress() {
    return closed ? null : path.localAddress();
  }

  @Override
  public @Nullable InetAddress getLocalAddress() {
    return closed ? null : path.localAddress().getAddress();
  }

  @Override
  public int getLocalPort() {
    return closed ? -1 : path.localAddress().getPort();
  }

  @Override
  public boolean isBound() {
    return true;
  }

  @Override
  public void bind(SocketAddress address) throws SocketException {
    throw new SocketException("a path has its address already");
  }

  @Override
  public void setSoTimeout(int millis) throws SocketException {
    if (millis < 0) {
      throw new IllegalArgumentException("a timeout is 0 or more, not " + millis);
    }
    checkOpen();
    timeoutMillis = millis;
  }

  @Override
  public int getSoTimeout() throws SocketException {
    checkOpen();
    return timeoutMillis;
  }

  private void checkOpen() throws SocketException {
    if (closed) {
      throw new SocketException("Socket closed");
    }
  }

  /** Leaves what is below as it is. */
  @Override
  public void close() {
    // The constructor of the superclass may call it.
    if (!closed && outgoing != null) {
      closed = true;
      inbox.close();
      path.closed();
    }
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public void setSendBufferSize(int size) throws SocketException {
    setOption(StandardSocketOptions.SO_SNDBUF, size);
  }

  @Override
  public int getSendBufferSize() throws SocketException {
    return getOption(StandardSocketOptions.SO_SNDBUF);
  }

  @Override
  public void setReceiveBufferSize(int size) throws SocketException {
    setOption(StandardSocketOptions.SO_RCVBUF, size);
  }

  @Override
  public int getReceiveBufferSize() throws SocketException {
    return getOption(StandardSocketOptions.SO_RCVBUF);
  }

  @Override
  public void setReuseAddress(boolean on) throws SocketException {
    setOption(StandardSocketOptions.SO_REUSEADDR, on);
  }

  @Override
  public boolean getReuseAddress() throws SocketException {
    return getOption(StandardSocketOptions.SO_REUSEADDR);
  }

  @Override
  public void setBroadcast(boolean on) throws SocketException {
    setOption(StandardSocketOptions.SO_BROADCAST, on);
  }

  @Override
  public boolean getBroadcast() throws SocketException {
    return getOption(StandardSocketOptions.SO_BROADCAST);
  }

  @Override
  public void setTrafficClass(int trafficClass) throws SocketException {
    setOption(StandardSocketOptions.IP_TOS, trafficClass);
  }

  @Override
  public int getTrafficClass() throws SocketException {
    return getOption(StandardSocketOptions.IP_TOS);
  }

  @Override
  public <T> DatagramSocket setOption(SocketOption<T> name, T value) throws SocketException {
    checkOpen();
    options.set(name, value);
    return this;
  }

  @Override
  public <T> T getOption(SocketOption<T> name) throws SocketException {
    checkOpen();
    return options.get(name);
  }

  @Override
  public Set<SocketOption<?>> supportedOptions() {
    return options.names();
  }

  @Override
  public void joinGroup(SocketAddress group, NetworkInterface networkInterface) throws IOException {
    throw new SocketException("a path has no multicast");
  }

  @Override
  public void leaveGroup(SocketAddress group, NetworkInterface networkInterface)
      throws IOException {
    throw new SocketException("a path has no multicast");
  }
}

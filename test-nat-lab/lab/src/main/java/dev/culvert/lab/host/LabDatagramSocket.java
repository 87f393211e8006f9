package dev.culvert.lab.host;

import dev.culvert.lab.LabException;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.TransportAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** The JDK's socket on a lab's. */
final class LabDatagramSocket extends DatagramSocket {
  private static final Duration FOREVER = Duration.ofDays(1000);

  private final LabSocket socket;
  private volatile int timeout;
  private volatile Optional<InetSocketAddress> partner = Optional.empty();

  private LabDatagramSocket(LabSocket socket) throws SocketException {
    super((SocketAddress) null);
    this.socket = socket;
    // The real one, which never was bound to anything.
    super.close();
  }

  static DatagramSocket of(LabSocket socket) {
    try {
      return new LabDatagramSocket(socket);
    } catch (SocketException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void send(DatagramPacket packet) throws IOException {
    SocketAddress to = packet.getPort() > 0 ? packet.getSocketAddress() : partner.orElse(null);
    if (!(to instanceof InetSocketAddress target) || target.isUnresolved()) {
      throw new IllegalArgumentException("the packet has no address to go to");
    }
    int from = packet.getOffset();
    byte[] payload = Arrays.copyOfRange(packet.getData(), from, from + packet.getLength());
    try {
      socket.send(Bytes.wrap(payload), TransportAddress.of(target));
    } catch (LabException e) {
      throw closed(e);
    }
  }

  @Override
  public void receive(DatagramPacket packet) throws IOException {
    Duration limit = timeout == 0 ? FOREVER : Duration.ofMillis(timeout);
    Optional<LabDatagram> heard;
    try {
      do {
        heard = socket.receive(limit);
      } while (heard.isPresent() && !wanted(heard.get()));
    } catch (LabException e) {
      throw closed(e);
    }
    if (heard.isEmpty()) {
      throw new SocketTimeoutException("Receive timed out");
    }
    Bytes payload = heard.get().payload();
    int room = packet.getData().length - packet.getOffset();
    int length = Math.min(room, payload.length());
    payload.slice(0, length).copyTo(packet.getData(), packet.getOffset());
    packet.setLength(length);
    packet.setSocketAddress(heard.get().from().toSocketAddress());
  }

  @Override
  public void connect(InetAddress address, int port) {
    partner = Optional.of(new InetSocketAddress(address, port));
  }

  @Override
  public void connect(SocketAddress address) {
    if (!(address instanceof InetSocketAddress target)) {
      throw new IllegalArgumentException(address + " is no address of UDP");
    }
    partner = Optional.of(target);
  }

  @Override
  public void disconnect() {
    partner = Optional.empty();
  }

  @Override
  public boolean isConnected() {
    return partner.isPresent();
  }

  @Override
  @SuppressWarnings("NullAway") // The JDK's contract: null while not connected.
  public InetAddress getInetAddress() {
    return partner.map(InetSocketAddress::getAddress).orElse(null);
  }

  @Override
  public int getPort() {
    return partner.map(InetSocketAddress::getPort).orElse(-1);
  }

  @Override
  @SuppressWarnings("NullAway") // The JDK's contract: null while not connected.
  public SocketAddress getRemoteSocketAddress() {
    return partner.orElse(null);
  }

  @Override
  public void bind(SocketAddress address) throws SocketException {
    throw new SocketException("already bound");
  }

  @Override
  public boolean isBound() {
    return true;
  }

  @Override
  public InetAddress getLocalAddress() {
    return socket.local().ip();
  }

  @Override
  public int getLocalPort() {
    return socket.isClosed() ? -1 : socket.local().port();
  }

  @Override
  public SocketAddress getLocalSocketAddress() {
    return socket.local().toSocketAddress();
  }

  @Override
  public void setSoTimeout(int millis) {
    if (millis < 0) {
      throw new IllegalArgumentException("a timeout is not negative");
    }
    timeout = millis;
  }

  @Override
  public int getSoTimeout() {
    return timeout;
  }

  @Override
  public void setReceiveBufferSize(int size) {}

  @Override
  public void setSendBufferSize(int size) {}

  @Override
  public void setReuseAddress(boolean on) {}

  @Override
  public void setTrafficClass(int value) {}

  @Override
  public boolean isClosed() {
    return socket.isClosed();
  }

  @Override
  public void close() {
    socket.close();
  }

  private boolean wanted(LabDatagram datagram) {
    return partner.map(datagram.from().toSocketAddress()::equals).orElse(true);
  }

  private static SocketException closed(LabException why) {
    SocketException exception = new SocketException(why.getMessage());
    exception.initCause(why);
    return exception;
  }
}

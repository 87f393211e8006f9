package dev.culvert.it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;

/**
 * A STUN server that says it can do RFC 5780 and does not do what it says. It is written without
 * any of our classes, so that it shares none of their mistakes. Arguments: the lie, the first and
 * the second address; it listens on ports 3478 and 3479 of both and prints {@code ready}.
 */
final class LyingServer {

  /** What it does wrong. */
  enum Lie {
    /** Answers a CHANGE-REQUEST from the address that was asked, as most old servers do. */
    IGNORES_CHANGE_REQUEST,
    /** Changes the port where it was asked to change the address too. */
    CHANGES_ONLY_THE_PORT,
    /** Names an alternate address on which nobody listens. */
    ALTERNATE_IS_DEAD,
    /** Says nothing to a CHANGE-REQUEST, although its alternate address is alive. */
    DROPS_CHANGE_REQUEST,
    /** Answers a CHANGE-REQUEST from a port that it never announced. */
    ANSWERS_FROM_ELSEWHERE,
    /** Tells every client the same address, which is not the client's. */
    MAPPED_ADDRESS_IS_MADE_UP
  }

  private static final int MAGIC_COOKIE = 0x2112A442;
  private static final int CHANGE_REQUEST = 0x0003;
  private static final int XOR_MAPPED_ADDRESS = 0x0020;
  private static final int RESPONSE_ORIGIN = 0x802b;
  private static final int OTHER_ADDRESS = 0x802c;

  private final Lie lie;
  private final List<DatagramChannel> sockets = new ArrayList<>();
  private final DatagramChannel unannounced;
  private final InetAddress first;
  private final InetAddress second;

  private LyingServer(Lie lie, InetAddress first, InetAddress second) throws IOException {
    this.lie = lie;
    this.first = first;
    this.second = second;
    for (InetAddress ip : List.of(first, second)) {
      if (ip.equals(second) && lie == Lie.ALTERNATE_IS_DEAD) {
        break;
      }
      for (int port : new int[] {3478, 3479}) {
        sockets.add(DatagramChannel.open().bind(new InetSocketAddress(ip, port)));
      }
    }
    unannounced = DatagramChannel.open().bind(new InetSocketAddress(first, 3999));
  }

  public static void main(String[] args) throws IOException {
    new LyingServer(
            Lie.valueOf(args[0]), InetAddress.getByName(args[1]), InetAddress.getByName(args[2]))
        .serve();
  }

  private void serve() throws IOException {
    try (Selector selector = Selector.open()) {
      for (DatagramChannel socket : sockets) {
        socket.configureBlocking(false);
        socket.register(selector, SelectionKey.OP_READ);
      }
      System.out.println("ready");
      while (true) {
        selector.select();
        for (SelectionKey key : selector.selectedKeys()) {
          answer((DatagramChannel) key.channel());
        }
        selector.selectedKeys().clear();
      }
    }
  }

  private void answer(DatagramChannel asked) throws IOException {
    ByteBuffer request = ByteBuffer.allocate(2048);
    InetSocketAddress client = (InetSocketAddress) asked.receive(request);
    request.flip();
    if (client == null
        || request.limit() < 20
        || request.getShort(0) != 1
        || request.getInt(4) != MAGIC_COOKIE) {
      return;
    }
    boolean change = changeFlags(request) != 0;
    if (change && (lie == Lie.DROPS_CHANGE_REQUEST || lie == Lie.ALTERNATE_IS_DEAD)) {
      return;
    }
    DatagramChannel from = change ? wronglyChanged(asked) : asked;
    from.send(response(request, client, (InetSocketAddress) asked.getLocalAddress()), client);
  }

  private DatagramChannel wronglyChanged(DatagramChannel asked) throws IOException {
    if (lie == Lie.ANSWERS_FROM_ELSEWHERE) {
      return unannounced;
    }
    if (lie == Lie.CHANGES_ONLY_THE_PORT) {
      InetSocketAddress local = (InetSocketAddress) asked.getLocalAddress();
      for (DatagramChannel socket : sockets) {
        InetSocketAddress other = (InetSocketAddress) socket.getLocalAddress();
        if (other.getAddress().equals(local.getAddress()) && other.getPort() != local.getPort()) {
          return socket;
        }
      }
    }
    return asked;
  }

  private static int changeFlags(ByteBuffer request) {
    int at = 20;
    while (at + 4 <= request.limit()) {
      int length = Short.toUnsignedInt(request.getShort(at + 2));
      if (request.getShort(at) == CHANGE_REQUEST && at + 8 <= request.limit()) {
        return request.getInt(at + 4) & 6;
      }
      at += 4 + (length + 3) / 4 * 4;
    }
    return 0;
  }

  private ByteBuffer response(
      ByteBuffer request, InetSocketAddress client, InetSocketAddress asked) {
    ByteBuffer response = ByteBuffer.allocate(128);
    response.putShort((short) 0x0101).putShort((short) 0).putInt(MAGIC_COOKIE);
    response.put(request.slice(8, 12));
    InetSocketAddress told =
        lie == Lie.MAPPED_ADDRESS_IS_MADE_UP ? new InetSocketAddress(second, 4242) : client;
    putAddress(
        response,
        XOR_MAPPED_ADDRESS,
        told.getPort() ^ MAGIC_COOKIE >>> 16,
        xored(told.getAddress().getAddress()));
    putAddress(response, RESPONSE_ORIGIN, asked.getPort(), asked.getAddress().getAddress());
    InetAddress other = asked.getAddress().equals(first) ? second : first;
    putAddress(response, OTHER_ADDRESS, asked.getPort() == 3478 ? 3479 : 3478, other.getAddress());
    response.putShort(2, (short) (response.position() - 20));
    return response.flip();
  }

  private static byte[] xored(byte[] ipv4) {
    return ByteBuffer.allocate(4).putInt(ByteBuffer.wrap(ipv4).getInt() ^ MAGIC_COOKIE).array();
  }

  private static void putAddress(ByteBuffer response, int type, int port, byte[] ipv4) {
    response.putShort((short) type).putShort((short) 8).put((byte) 0).put((byte) 1);
    response.putShort((short) port).put(ipv4);
  }
}

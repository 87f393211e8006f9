package dev.culvert.transport.mdns;

import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketProtocolFamily;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One socket for each link and family, open while somebody uses it. Confined to its loop. */
final class LinkSockets {
  private record Key(int index, SocketProtocolFamily family) {}

  private final EventLoop loop;
  private final Counts counts;
  private final Map<Key, LinkSocket> sockets = new HashMap<>();
  private final Map<LinkSocket, Integer> users = new HashMap<>();

  LinkSockets(EventLoop loop, Counts counts) {
    this.loop = loop;
    this.counts = counts;
  }

  /** Those of an interface, for each family of which it has an address; to be released each. */
  List<LinkSocket> on(NetworkInterface card) {
    List<LinkSocket> used = new ArrayList<>();
    for (SocketProtocolFamily family :
        List.of(SocketProtocolFamily.INET, SocketProtocolFamily.INET6)) {
      if (card.inetAddresses().anyMatch(ip -> family(ip) == family)) {
        LinkSocket socket =
            sockets.computeIfAbsent(new Key(card.getIndex(), family), key -> open(key, card));
        users.merge(socket, 1, Integer::sum);
        used.add(socket);
      }
    }
    return used;
  }

  private LinkSocket open(Key key, NetworkInterface card) {
    LinkSocket socket = new LinkSocket(loop, card, key.family(), counts);
    socket.open();
    return socket;
  }

  void release(LinkSocket socket) {
    if (users.merge(socket, -1, Integer::sum) == 0) {
      users.remove(socket);
      sockets.values().remove(socket);
      socket.close();
    }
  }

  private static SocketProtocolFamily family(InetAddress ip) {
    return ip instanceof Inet4Address ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6;
  }
}

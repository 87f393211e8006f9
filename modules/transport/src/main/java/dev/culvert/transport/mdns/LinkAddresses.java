package dev.culvert.transport.mdns;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.function.Predicate;

/**
 * Which senders are on a link: those of its prefixes, and link-local ones (RFC 6762 §11).
 *
 * @param index the interface's
 * @param prefixes those of its addresses
 */
record LinkAddresses(int index, List<Prefix> prefixes) implements Predicate<InetAddress> {

  /** An address and how many of its bits name the link. */
  record Prefix(InetAddress ip, int length) {
    boolean holds(InetAddress other) {
      byte[] mine = ip.getAddress();
      byte[] theirs = other.getAddress();
      if (mine.length != theirs.length || length <= 0) {
        return false;
      }
      for (int bit = 0; bit < length && bit < 8 * mine.length; bit++) {
        if (((mine[bit / 8] ^ theirs[bit / 8]) & (0x80 >> (bit % 8))) != 0) {
          return false;
        }
      }
      return true;
    }
  }

  LinkAddresses {
    prefixes = List.copyOf(prefixes);
  }

  static LinkAddresses of(NetworkInterface card) {
    return new LinkAddresses(
        card.getIndex(), card.getInterfaceAddresses().stream().map(LinkAddresses::prefix).toList());
  }

  /** As they are now; the same as before if the interface is gone. */
  LinkAddresses now() {
    try {
      NetworkInterface card = NetworkInterface.getByIndex(index);
      return card == null ? this : of(card);
    } catch (SocketException e) {
      return this;
    }
  }

  private static Prefix prefix(InterfaceAddress address) {
    return new Prefix(address.getAddress(), address.getNetworkPrefixLength());
  }

  @Override
  public boolean test(InetAddress sender) {
    if (sender.isLinkLocalAddress()) {
      return !(sender instanceof Inet6Address scoped)
          || scoped.getScopeId() == 0
          || scoped.getScopeId() == index;
    }
    return prefixes.stream().anyMatch(prefix -> prefix.holds(sender));
  }
}

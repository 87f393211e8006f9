package dev.culvert.turn.server;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values by IP address and port. Among thousands, what a lookup costs is the memory that it has to
 * wait for: IPv4, of which nearly all are, lies in two arrays instead of six objects for each.
 */
final class AddressTable<V> {
  private static final int SMALLEST = 16;

  /** Set in every key, so that 0 is a free place. */
  private static final long TAKEN = 1L << 48;

  /** Unknown to those who choose their ports, who could make the table slow otherwise. */
  private final long seed;

  private final Map<InetSocketAddress, V> others = new HashMap<>();
  private long[] keys = new long[SMALLEST];
  private Object[] values = new Object[SMALLEST];
  private int size;

  /** An empty table whose order depends on {@code seed}. */
  AddressTable(long seed) {
    this.seed = seed | 1;
  }

  /** The value at an address; null: there is none. */
  @SuppressWarnings("unchecked") // Only values of the type are put in.
  @Nullable V get(InetSocketAddress address) {
    InetAddress ip = address.getAddress();
    if (!(ip instanceof Inet4Address)) {
      return others.get(address);
    }
    int place = place(key(ip, address.getPort()));
    return (V) values[place];
  }

  void put(InetSocketAddress address, V value) {
    InetAddress ip = address.getAddress();
    if (!(ip instanceof Inet4Address)) {
      others.put(address, value);
      return;
    }
    long key = key(ip, address.getPort());
    int place = place(key);
    if (keys[place] == 0) {
      if (2 * ++size > keys.length) {
        grow();
        place = place(key);
      }
      keys[place] = key;
    }
    values[place] = value;
  }

  void remove(InetSocketAddress address) {
    InetAddress ip = address.getAddress();
    if (!(ip instanceof Inet4Address)) {
      others.remove(address);
      return;
    }
    int place = place(key(ip, address.getPort()));
    if (keys[place] == 0) {
      return;
    }
    size--;
    int mask = keys.length - 1;
    // Those behind it move up, unless they are nearer to where they belong already.
    for (int next = (place + 1) & mask; keys[next] != 0; next = (next + 1) & mask) {
      if (((next - home(keys[next])) & mask) >= ((next - place) & mask)) {
        keys[place] = keys[next];
        values[place] = values[next];
        place = next;
      }
    }
    keys[place] = 0;
    values[place] = null;
  }

  private static long key(InetAddress ip, int port) {
    byte[] bytes = ip.getAddress();
    long number =
        ((bytes[0] & 0xffL) << 24)
            | ((bytes[1] & 0xff) << 16)
            | ((bytes[2] & 0xff) << 8)
            | (bytes[3] & 0xff);
    return TAKEN | (number << 16) | port;
  }

  private int home(long key) {
    long mixed = (key ^ (key >>> 23)) * seed;
    return (int) ((mixed >>> 32) ^ (mixed >>> 52)) & (keys.length - 1);
  }

  /** Where the key is, or the free place where it would be. */
  private int place(long key) {
    int mask = keys.length - 1;
    int place = home(key);
    while (keys[place] != key && keys[place] != 0) {
      place = (place + 1) & mask;
    }
    return place;
  }

  private void grow() {
    long[] oldKeys = keys;
    Object[] oldValues = values;
    keys = new long[2 * oldKeys.length];
    values = new Object[2 * oldKeys.length];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != 0) {
        int place = place(oldKeys[i]);
        keys[place] = oldKeys[i];
        values[place] = oldValues[i];
      }
    }
  }
}

package dev.culvert.turn.server;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who has how many allocations, and what bandwidth they share. Safe for every thread. */
final class Quotas {
  private static final int IPV4_PREFIX_BYTES = 3;
  private static final int IPV6_PREFIX_BYTES = 7;

  private final TurnLimits limits;
  private final Map<Object, Share> shares = new HashMap<>();
  private int allocations;

  Quotas(TurnLimits limits) {
    this.limits = limits;
  }

  /** What was granted; given back once. */
  final class Grant {
    private final @Nullable Share user;
    private final @Nullable Share prefix;

    private Grant(@Nullable Share user, @Nullable Share prefix) {
      this.user = user;
      this.prefix = prefix;
    }

    /** Whether {@code bytes} more may be relayed now; if so they are counted. */
    boolean admits(int bytes, long now) {
      return (user == null || user.admits(bytes, now))
          && (prefix == null || prefix.admits(bytes, now));
    }

    void giveBack() {
      synchronized (Quotas.this) {
        allocations--;
        leave(user);
        leave(prefix);
      }
    }
  }

  /** One user's or one prefix's part. */
  private static final class Share {
    private final Object key;
    private final @Nullable Bandwidth bandwidth;
    private int allocations;

    private Share(Object key, @Nullable Bandwidth bandwidth) {
      this.key = key;
      this.bandwidth = bandwidth;
    }

    private boolean admits(int bytes, long now) {
      return bandwidth == null || bandwidth.admit(bytes, now);
    }
  }

  /** Whether the node has all the allocations that it may have. */
  synchronized boolean isFull() {
    return allocations >= limits.allocations();
  }

  /**
   * Counts one allocation more.
   *
   * @return empty if the user or the prefix has all that it may have, or the node is full
   */
  synchronized Optional<Grant> take(String owner, InetAddress client, long now) {
    if (isFull()) {
      return Optional.empty();
    }
    if (client.isLoopbackAddress()) {
      allocations++;
      return Optional.of(new Grant(null, null));
    }
    Share user = share(owner, limits.bandwidthPerUser(), now);
    Share prefix = share(prefixOf(client), limits.bandwidthPerPrefix(), now);
    if (exceeds(user, limits.allocationsPerUser())
        || exceeds(prefix, limits.allocationsPerPrefix())) {
      forgetIfUnused(user);
      forgetIfUnused(prefix);
      return Optional.empty();
    }
    allocations++;
    user.allocations++;
    prefix.allocations++;
    return Optional.of(new Grant(user, prefix));
  }

  private static boolean exceeds(Share share, int limit) {
    return limit != 0 && share.allocations >= limit;
  }

  private Share share(Object key, long rate, long now) {
    return shares.computeIfAbsent(
        key, k -> new Share(k, rate == 0 ? null : new Bandwidth(rate, now)));
  }

  private void leave(@Nullable Share share) {
    if (share != null) {
      share.allocations--;
      forgetIfUnused(share);
    }
  }

  private void forgetIfUnused(Share share) {
    if (share.allocations == 0) {
      shares.remove(share.key);
    }
  }

  private static Object prefixOf(InetAddress client) {
    byte[] bytes = client.getAddress();
    int kept = client instanceof Inet4Address ? IPV4_PREFIX_BYTES : IPV6_PREFIX_BYTES;
    long prefix = bytes.length;
    for (int i = 0; i < kept; i++) {
      prefix = prefix << 8 | (bytes[i] & 0xff);
    }
    return prefix;
  }

  /** Users and prefixes that have something. */
  synchronized int shares() {
    return shares.size();
  }
}

package dev.culvert.natsim;

import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.TransportAddress;
import java.util.HashMap;
import java.util.Map;

/** To whom an address inside has sent, and for how long that counts (RFC 4787 §5). */
final class FilterTable {
  private record Key(Protocol protocol, TransportAddress inside, TransportAddress remote) {}

  private final Map<Key, MonotonicTime> openUntil = new HashMap<>();
  private int purgeAt = 1024;

  void opened(
      Protocol protocol,
      TransportAddress inside,
      TransportAddress remoteKey,
      MonotonicTime now,
      MonotonicTime until) {
    if (openUntil.size() >= purgeAt) {
      openUntil.values().removeIf(end -> !now.isBefore(end));
      purgeAt = Math.max(1024, 2 * openUntil.size());
    }
    openUntil.put(new Key(protocol, inside, remoteKey), until);
  }

  boolean isOpen(
      Protocol protocol, TransportAddress inside, TransportAddress remoteKey, MonotonicTime now) {
    MonotonicTime until = openUntil.get(new Key(protocol, inside, remoteKey));
    return until != null && now.isBefore(until);
  }

  void forget() {
    openUntil.clear();
  }
}

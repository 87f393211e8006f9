package dev.culvert.natsim;

import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.TransportAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** To whom an address inside has sent, and for how long that counts (RFC 4787 §5). */
final class FilterTable {
  private record Key(Protocol protocol, TransportAddress inside, TransportAddress remote) {}

  private final Dependence dependence;
  private final Map<Key, MonotonicTime> openUntil = new HashMap<>();

  FilterTable(Dependence dependence) {
    this.dependence = dependence;
  }

  void opened(
      Protocol protocol,
      TransportAddress inside,
      TransportAddress remote,
      MonotonicTime now,
      Duration life) {
    openUntil.put(key(protocol, inside, remote), now.plus(life));
  }

  boolean isOpen(
      Protocol protocol, TransportAddress inside, TransportAddress remote, MonotonicTime now) {
    // Streams are let in only from where they were opened to, whatever holds for datagrams.
    MonotonicTime until = openUntil.get(key(protocol, inside, remote));
    boolean anybody = dependence == Dependence.ENDPOINT_INDEPENDENT && protocol == Protocol.UDP;
    return anybody || (until != null && now.isBefore(until));
  }

  void forget() {
    openUntil.clear();
  }

  private Key key(Protocol protocol, TransportAddress inside, TransportAddress remote) {
    return new Key(protocol, inside, protocol == Protocol.UDP ? dependence.key(remote) : remote);
  }
}

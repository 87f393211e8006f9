package dev.culvert.punch;

import dev.culvert.sansio.Flow;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.TransactionId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The requests of this side that may be answered yet, and those of the peer that were heard. */
final class Flights {
  private static final int MOST = 4096;

  /** A request on its way. */
  record Flight(Flow flow, MonotonicTime at, boolean use) {}

  private record Way(long id, TransportAddress remote) {
    static Way of(Flow flow) {
      return new Way(flow.id(), flow.remote());
    }
  }

  private final Map<TransactionId, Flight> own = new LinkedHashMap<>();
  private final Map<TransactionId, Way> heard = new LinkedHashMap<>();

  void sent(TransactionId id, Flight flight) {
    put(own, id, flight);
  }

  /** The request that is answered on {@code from}; empty if none was sent there. */
  Optional<Flight> answered(TransactionId id, Flow from) {
    Optional<Flight> flight =
        Optional.ofNullable(own.get(id)).filter(one -> Way.of(one.flow()).equals(Way.of(from)));
    flight.ifPresent(one -> own.remove(id));
    return flight;
  }

  /** Whether a request may be answered: it did not come from elsewhere before. */
  boolean isFresh(TransactionId id, Flow from) {
    Way way = Way.of(from);
    Way before = heard.get(id);
    if (before == null) {
      put(heard, id, way);
      return true;
    }
    return before.equals(way);
  }

  private static <V> void put(Map<TransactionId, V> map, TransactionId id, V value) {
    if (map.size() >= MOST) {
      map.remove(map.keySet().iterator().next());
    }
    map.put(id, value);
  }
}

package dev.culvert.detect;

import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.attribute.ChangeRequest;
import dev.culvert.stun.attribute.ResponsePort;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Proves that a server answers from its other address where each destination has a mapping of its
 * own: the socket first talks to that other address, then asks for an answer from there to the
 * mapping that this made (RESPONSE-PORT, RFC 5780 §7.5).
 */
final class ReturnPortProof {
  private final PathState path;
  private final Target target;
  private final TransportAddress other;
  private final ChangeRequest change;
  private final Volley direct;
  private Optional<Volley> request = Optional.empty();

  ReturnPortProof(PathState path, Target target, TransportAddress other, ChangeRequest change) {
    this.path = path;
    this.target = target;
    this.other = other;
    this.change = change;
    this.direct = path.volley(path.bind(), other, Pace.PRESSING);
  }

  List<Volley> volleys() {
    List<Volley> volleys = new ArrayList<>(List.of(direct));
    request.ifPresent(volleys::add);
    return volleys;
  }

  void advance() {
    Optional<TransportAddress> mapped = path.sightings().seen(direct.socket(), other);
    if (mapped.isPresent() && request.isEmpty()) {
      direct.cease();
      request =
          Optional.of(
              path.volley(
                  direct.socket(),
                  target.address(),
                  Pace.PRESSING,
                  change,
                  new ResponsePort(mapped.get().port())));
    }
  }

  boolean succeeded() {
    return request.flatMap(volley -> volley.successFrom(other)).isPresent();
  }

  /** Whether it was tried often enough, or the server will not do it. */
  boolean isVain(MonotonicTime now) {
    boolean refused =
        request.stream().flatMap(volley -> volley.replies().stream()).anyMatch(r -> r.error() != 0);
    Volley last = request.orElse(direct);
    return refused || (!succeeded() && path.provesSilence(last, now));
  }
}

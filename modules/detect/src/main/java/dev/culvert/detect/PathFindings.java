package dev.culvert.detect;

import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the sightings of a path add up to. */
final class PathFindings {
  private final PathState path;

  PathFindings(PathState path) {
    this.path = path;
  }

  void fill(PathReport.Builder report, Finding<Behaviour> filtering, MonotonicTime now) {
    report
        .reflexive(reflexive(path))
        .nat(nat(path))
        .mapping(mapping(now))
        .consistent(consistent())
        .filtering(filtering)
        .firewall(filtering.map(whom -> whom != Behaviour.ENDPOINT_INDEPENDENT))
        .pairedAddress(pairedAddress(nat(path)))
        .payloadRewriting(path.sightings().payloadRewriting());
  }

  /** The address that most destinations saw, the first one of equals. */
  static Finding<TransportAddress> reflexive(PathState path) {
    List<Sighting> seen = path.sightings().credible(path.mappingSocket());
    Map<TransportAddress, Integer> counts = new HashMap<>();
    seen.forEach(one -> counts.merge(one.mapped(), 1, Integer::sum));
    Optional<Sighting> best =
        seen.stream()
            .reduce(
                (a, b) ->
                    counts.getOrDefault(b.mapped(), 0) > counts.getOrDefault(a.mapped(), 0)
                        ? b
                        : a);
    return best.map(one -> Finding.known(one.mapped()))
        .orElseGet(() -> Finding.unknown("no server told an address that can be believed"));
  }

  static Finding<Boolean> nat(PathState path) {
    List<Sighting> seen = path.sightings().credible();
    if (seen.isEmpty()) {
      return Finding.unknown(
          path.sightings().hasSuspects()
              ? "the servers report the local address, but a gateway may have written it there"
              : "no server told an address that can be believed");
    }
    boolean some = seen.stream().anyMatch(Sighting::isTranslated);
    boolean all = seen.stream().allMatch(Sighting::isTranslated);
    return some == all
        ? Finding.known(some)
        : Finding.unknown("the servers contradict each other about the address they see");
  }

  private Finding<Behaviour> mapping(MonotonicTime now) {
    Finding<Behaviour> found = path.mapping();
    boolean early = found.reason().isPresent() && !path.mappingSettled(now);
    return early ? Finding.unknown("time ran out before all servers had answered") : found;
  }

  private Finding<Boolean> consistent() {
    List<Sighting> seen = path.sightings().credible(path.mappingSocket());
    Finding<Behaviour> mapping = path.mapping();
    if (MappingJudge.certainlyVaries(seen) && !contradictory(mapping)) {
      return Finding.known(false);
    }
    return mapping.map(Behaviour.ENDPOINT_INDEPENDENT::equals);
  }

  private static boolean contradictory(Finding<Behaviour> mapping) {
    return mapping.reason().filter(reason -> reason.contains("contradict")).isPresent();
  }

  private Finding<Boolean> pairedAddress(Finding<Boolean> nat) {
    if (nat.is(false)) {
      return Finding.notMeasured();
    }
    Map<TransportAddress, Set<InetAddress>> byDestination = new HashMap<>();
    Set<Long> sockets = new HashSet<>();
    for (Sighting one : path.sightings().credible()) {
      byDestination
          .computeIfAbsent(one.destination(), key -> new HashSet<>())
          .add(one.mapped().ip());
      sockets.add(one.socket());
    }
    Set<InetAddress> all = new HashSet<>();
    byDestination.values().forEach(all::addAll);
    if (byDestination.values().stream().anyMatch(ips -> ips.size() > 1)) {
      return Finding.known(false);
    }
    if (all.size() > 1) {
      return Finding.unknown("the servers see different external IP addresses");
    }
    return sockets.size() >= 4
        ? Finding.known(true)
        : Finding.unknown("too few sockets were compared");
  }
}

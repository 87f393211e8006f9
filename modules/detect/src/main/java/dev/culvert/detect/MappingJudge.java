package dev.culvert.detect;

import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Decides from the sightings of one socket what its mapping depends on (RFC 5780 §4.3). */
final class MappingJudge {
  private final Map<InetAddress, Map<Integer, TransportAddress>> byIp = new HashMap<>();
  private final Map<Target, Map<InetAddress, TransportAddress>> byTarget = new HashMap<>();
  private final boolean untranslated;

  private MappingJudge(List<Sighting> sightings) {
    for (Sighting one : sightings) {
      InetAddress ip = one.destination().ip();
      byIp.computeIfAbsent(ip, key -> new HashMap<>()).put(one.destination().port(), one.mapped());
      byTarget.computeIfAbsent(one.target(), key -> new HashMap<>()).putIfAbsent(ip, one.mapped());
    }
    untranslated = sightings.stream().noneMatch(Sighting::isTranslated);
  }

  /** What follows from these sightings, all of one socket. */
  static Finding<Behaviour> judge(List<Sighting> sightings) {
    return sightings.isEmpty()
        ? Finding.unknown("no server told the address that it saw")
        : new MappingJudge(sightings).judge();
  }

  private Finding<Behaviour> judge() {
    if (untranslated) {
      return Finding.known(Behaviour.ENDPOINT_INDEPENDENT);
    }
    Set<TransportAddress> mapped = new HashSet<>();
    byIp.values().forEach(ports -> mapped.addAll(ports.values()));
    boolean portsMatter = byIp.values().stream().anyMatch(MappingJudge::differ);
    if (portsMatter) {
      return Finding.known(Behaviour.ADDRESS_AND_PORT_DEPENDENT);
    }
    if (byIp.size() < 2) {
      return Finding.unknown(
          "only one server address answered, and a second one elsewhere is needed to compare");
    }
    if (mapped.size() == 1) {
      return Finding.known(Behaviour.ENDPOINT_INDEPENDENT);
    }
    return dependent(mapped.size());
  }

  /** The address seen depends on which IP address is asked, unless somebody tells lies. */
  private Finding<Behaviour> dependent(int different) {
    boolean oneServerSeesIt = byTarget.values().stream().anyMatch(MappingJudge::differ);
    boolean oneServerDeniesIt =
        byTarget.values().stream().anyMatch(ips -> ips.size() > 1 && !differ(ips));
    boolean manySeeIt = byIp.size() > 2 && different == byIp.size();
    if (oneServerDeniesIt || !(oneServerSeesIt || manySeeIt)) {
      return Finding.unknown(
          byIp.size() == 2
              ? "two servers see different addresses: the mapping depends on the destination, or"
                  + " one of them reports wrong ones"
              : "the servers contradict each other about the address they see");
    }
    boolean portsCompared = byIp.values().stream().anyMatch(ports -> ports.size() > 1);
    return portsCompared
        ? Finding.known(Behaviour.ADDRESS_DEPENDENT)
        : Finding.unknown(
            "it depends on the destination, but these servers cannot tell whether the port matters"
                + " too");
  }

  /** Whether the sightings are proof that some destinations see another address than others. */
  static boolean certainlyVaries(List<Sighting> sightings) {
    if (sightings.isEmpty()) {
      return false;
    }
    MappingJudge judge = new MappingJudge(sightings);
    Set<TransportAddress> mapped = new HashSet<>();
    judge.byIp.values().forEach(ports -> mapped.addAll(ports.values()));
    boolean oneServerSeesIt = judge.byTarget.values().stream().anyMatch(MappingJudge::differ);
    boolean portsMatter = judge.byIp.values().stream().anyMatch(MappingJudge::differ);
    boolean manySeeIt = judge.byIp.size() > 2 && mapped.size() == judge.byIp.size();
    return oneServerSeesIt || portsMatter || manySeeIt;
  }

  private static boolean differ(Map<?, TransportAddress> seen) {
    return differ(seen.values());
  }

  private static boolean differ(Collection<TransportAddress> seen) {
    return new HashSet<>(seen).size() > 1;
  }
}

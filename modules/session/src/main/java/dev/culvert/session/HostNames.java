package dev.culvert.session;

import dev.culvert.ice.Candidate;
import dev.culvert.ice.CandidateAddress;
import dev.culvert.ice.CandidateType;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.LocalNames;
import dev.culvert.sansio.Output;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Names of multicast DNS that stand for the addresses of this host, so that peers on other links
 * learn nothing of them (draft-ietf-mmusic-mdns-ice-candidates §3.1).
 */
final class HostNames {
  private final Desk desk;
  private final RandomGenerator random;
  private final Map<InetAddress, Name> byIp = new LinkedHashMap<>();

  private record Name(long id, String text, Optional<Boolean> holds) {}

  HostNames(Desk desk, RandomGenerator random) {
    this.desk = desk;
    this.random = random;
  }

  void publish(InetAddress ip) {
    if (!byIp.containsKey(ip)) {
      Name name = new Name(desk.newId(), LocalNames.fresh(random), Optional.empty());
      byIp.put(ip, name);
      desk.put(new Output.Publish(name.id(), name.text(), ip));
    }
  }

  /** The address whose name is now answered, or will never be; empty if the input is none of it. */
  Optional<InetAddress> accept(Input input) {
    if (input instanceof Input.Published published) {
      return settle(published.id(), true);
    }
    return input instanceof Input.PublishFailed failed
        ? settle(failed.id(), false)
        : Optional.empty();
  }

  private Optional<InetAddress> settle(long id, boolean holds) {
    for (Map.Entry<InetAddress, Name> each : byIp.entrySet()) {
      if (each.getValue().id() == id) {
        each.setValue(new Name(id, each.getValue().text(), Optional.of(holds)));
        return Optional.of(each.getKey());
      }
    }
    return Optional.empty();
  }

  /** Whether it is known if this address has a name. */
  boolean isSettled(InetAddress ip) {
    Name name = byIp.get(ip);
    return name != null && name.holds().isPresent();
  }

  boolean areSettled() {
    return byIp.values().stream().allMatch(name -> name.holds().isPresent());
  }

  /** A candidate as strangers may see it; empty if its address has no name to stand for it. */
  Optional<Candidate> hidden(Candidate candidate, InetAddress base) {
    if (candidate.type() != CandidateType.HOST) {
      return Optional.of(candidate.withoutRelated());
    }
    int port = candidate.address().known().orElseThrow().port();
    return Optional.ofNullable(byIp.get(base))
        .filter(name -> name.holds().orElse(false))
        .map(name -> candidate.withAddress(new CandidateAddress.Named(name.text(), port)));
  }

  void forget(InetAddress ip) {
    Name name = byIp.remove(ip);
    if (name != null) {
      desk.put(new Output.Close(name.id()));
    }
  }

  void forgetAll() {
    Map.copyOf(byIp).keySet().forEach(this::forget);
  }
}

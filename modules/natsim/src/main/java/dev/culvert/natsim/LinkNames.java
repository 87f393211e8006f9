package dev.culvert.natsim;

import dev.culvert.sansio.Answer;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.LocalNames;
import dev.culvert.sansio.LocalService;
import dev.culvert.sansio.Output;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What hosts of a {@link World} answer for by multicast DNS (RFC 6762): heard in the network of the
 * address and nowhere else, since multicast crosses no router. Nothing of it is lost, and nobody is
 * asked twice.
 */
final class LinkNames {
  /** How long a question without an answer is asked, in all worlds. */
  static final Duration PATIENCE = Duration.ofSeconds(3);

  /** How long services are looked for, in all worlds. */
  static final Duration BROWSING = Duration.ofSeconds(2);

  private static final int MOST_FOUND = 64;

  private record Published(
      Resident<?> owner,
      long id,
      Host host,
      String name,
      InetAddress ip,
      Optional<LocalService> service) {}

  private record Hit(InetAddress ip, Duration roundTrip) {}

  /** An answer, and how long it takes. */
  record Heard(Answer answer, Duration after) {}

  private final List<Published> published = new ArrayList<>();

  LinkNames() {}

  /** What became of the wish. */
  Input publish(Resident<?> owner, Host host, Output.Publish wanted) {
    if (!LocalNames.isPublishable(wanted.name())) {
      return new Input.PublishFailed(wanted.id(), wanted.name() + " is not a name.local");
    }
    if (!host.has(wanted.ip())) {
      return new Input.PublishFailed(wanted.id(), "no such address on this host");
    }
    String name = LocalNames.canonical(wanted.name());
    published.add(new Published(owner, wanted.id(), host, name, wanted.ip(), Optional.empty()));
    return new Input.Published(wanted.id());
  }

  /** What became of the wish. */
  Input announce(Resident<?> owner, Host host, Output.Announce wanted) {
    if (!host.has(wanted.ip())) {
      return new Input.PublishFailed(wanted.id(), "no such address on this host");
    }
    LocalService service = wanted.service();
    published.add(
        new Published(owner, wanted.id(), host, service.host(), wanted.ip(), Optional.of(service)));
    return new Input.Published(wanted.id());
  }

  /** What is found of a kind from a host; its own, too. */
  Answer browse(Host asker, String type) {
    Map<LocalService, Set<InetAddress>> found = new LinkedHashMap<>();
    for (Published one : published) {
      if (one.service().filter(service -> service.type().equals(type)).isPresent()
          && found.size() < MOST_FOUND
          && !hits(asker, one).isEmpty()) {
        found.computeIfAbsent(one.service().get(), fresh -> new LinkedHashSet<>()).add(one.ip());
      }
    }
    return found.isEmpty()
        ? new Answer.NotFound()
        : new Answer.LocalServices(
            found.entrySet().stream()
                .map(each -> new Answer.Found(each.getKey(), List.copyOf(each.getValue())))
                .toList());
  }

  private static List<Hit> hits(Host asker, Published one) {
    List<Hit> hits = new ArrayList<>();
    for (Port near : one.host().isDown() ? List.<Port>of() : asker.ports()) {
      one.host().ports().stream()
          .filter(far -> far.ips().contains(one.ip()) && linked(near, far))
          .map(far -> new Hit(one.ip(), roundTrip(near, far)))
          .forEach(hits::add);
    }
    return hits;
  }

  void close(Resident<?> owner, long id) {
    published.removeIf(one -> one.owner() == owner && one.id() == id);
  }

  void closeAll(Resident<?> owner) {
    published.removeIf(one -> one.owner() == owner);
  }

  Heard ask(Host asker, String host) {
    String name = LocalNames.canonical(host);
    List<Hit> hits = new ArrayList<>();
    for (Published one : published) {
      if (one.name().equals(name)) {
        hits.addAll(hits(asker, one));
      }
    }
    return hits.isEmpty()
        ? new Heard(new Answer.Failed("nobody on the local network answers for " + host), PATIENCE)
        : new Heard(
            new Answer.Addresses(hits.stream().map(Hit::ip).distinct().toList()),
            hits.stream().map(Hit::roundTrip).min(Duration::compareTo).orElse(PATIENCE));
  }

  private static boolean linked(Port near, Port far) {
    return near.network() == far.network() && !near.isCut() && !far.isCut();
  }

  private static Duration roundTrip(Port near, Port far) {
    return near == far
        ? Duration.ZERO
        : near.link().delay().plus(far.link().delay()).multipliedBy(2);
  }
}

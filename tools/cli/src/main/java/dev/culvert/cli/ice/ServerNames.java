package dev.culvert.cli.ice;

import dev.culvert.detect.IpFamily;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Machine;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.session.NamedServer;
import dev.culvert.session.Relay;
import dev.culvert.stun.ServerLookup;
import dev.culvert.stun.StunUri;
import dev.culvert.turn.client.RelayedFamilies;
import dev.culvert.turn.client.TurnClientConfig;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Looks up all servers of a plan at once (RFC 8489 §8.1). */
final class ServerNames implements Machine<ServerNames.Found> {
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private final ServerPlan plan;
  private final Set<IpFamily> families;
  private final Map<StunUri, ServerLookup> lookups = new LinkedHashMap<>();
  private final Queue<Output> outputs = new ArrayDeque<>();
  private final RandomGenerator random;
  private Optional<MonotonicTime> limit = Optional.empty();
  private Optional<Found> found = Optional.empty();
  private boolean told;
  private long nextId;

  /**
   * What was found.
   *
   * @param servers one address of each server and IP version
   * @param relays those with an address
   * @param missing the others
   */
  record Found(List<NamedServer> servers, List<Relay> relays, List<Missing> missing) {
    Found {
      servers = List.copyOf(servers);
      relays = List.copyOf(relays);
      missing = List.copyOf(missing);
    }
  }

  /**
   * A server whose name led nowhere.
   *
   * @param reason one line for people
   */
  record Missing(String server, String reason) {}

  ServerNames(ServerPlan plan, Set<IpFamily> families, RandomGenerator random) {
    this.plan = plan;
    this.families = families;
    this.random = random;
  }

  @Override
  public void receive(Flow from, Bytes payload, MonotonicTime now) {}

  @Override
  public void accept(Input input, MonotonicTime now) {
    if (input instanceof Input.Answered answered) {
      for (ServerLookup lookup : lookups.values()) {
        if (lookup.accept(answered)) {
          drain(lookup);
          break;
        }
      }
      conclude(false);
    }
  }

  @Override
  public void advance(MonotonicTime now) {
    if (limit.isEmpty()) {
      limit = Optional.of(now.plus(LIMIT));
      plan.servers().forEach(this::lookUp);
      plan.relays().forEach(relay -> lookUp(relay.uri()));
      conclude(false);
    } else if (!now.isBefore(limit.get())) {
      conclude(true);
    }
  }

  private void lookUp(StunUri uri) {
    drain(lookups.computeIfAbsent(uri, its -> new ServerLookup(its, random, () -> nextId++)));
  }

  private void drain(ServerLookup lookup) {
    for (Optional<Output> next = lookup.pollOutput();
        next.isPresent();
        next = lookup.pollOutput()) {
      outputs.add(next.get());
    }
  }

  private void conclude(boolean late) {
    boolean all = lookups.values().stream().allMatch(lookup -> lookup.result().isPresent());
    if (found.isPresent() || !(all || late)) {
      return;
    }
    List<NamedServer> servers = new ArrayList<>();
    List<Relay> relays = new ArrayList<>();
    List<Missing> missing = new ArrayList<>();
    for (StunUri uri : plan.servers()) {
      List<TransportAddress> its = addresses(uri, missing);
      its.forEach(address -> servers.add(new NamedServer(name(uri), address)));
    }
    for (ServerPlan.RelayPlan relay : plan.relays()) {
      addresses(relay.uri(), missing).stream()
          .findFirst()
          .ifPresent(
              address -> relays.add(new Relay(relay.uri().toString(), config(relay, address))));
    }
    found = Optional.of(new Found(servers, relays, missing));
  }

  /** What people wrote, without the scheme that all of them have. */
  private static String name(StunUri uri) {
    return uri.toString().replaceFirst("^stun:", "");
  }

  private List<TransportAddress> addresses(StunUri uri, List<Missing> missing) {
    Optional<ServerLookup.Result> result =
        Optional.ofNullable(lookups.get(uri)).flatMap(ServerLookup::result);
    String reason = "the DNS does not answer";
    if (result.isPresent() && result.get() instanceof ServerLookup.Found its) {
      List<TransportAddress> wanted = new ArrayList<>();
      for (IpFamily family : IpFamily.values()) {
        its.servers().stream()
            .map(ServerLookup.Server::address)
            .filter(address -> families.contains(family))
            .filter(address -> IpFamily.of(address.ip()) == family)
            .findFirst()
            .ifPresent(wanted::add);
      }
      if (!wanted.isEmpty()) {
        return wanted;
      }
      reason = "it has no address of that IP version";
    } else if (result.isPresent() && result.get() instanceof ServerLookup.Failed failed) {
      reason = failed.reason();
    }
    missing.add(new Missing(name(uri), reason));
    return List.of();
  }

  private TurnClientConfig config(ServerPlan.RelayPlan relay, TransportAddress address) {
    Transport over = relay.uri().transport();
    TurnClientConfig config =
        relay
            .identity()
            .map(its -> TurnClientConfig.secure(address, over, its, relay.credential()))
            .orElseGet(() -> TurnClientConfig.of(address, over, relay.credential()));
    boolean ipv4 = families.contains(IpFamily.IPV4);
    boolean ipv6 = families.contains(IpFamily.IPV6);
    return config.withFamilies(
        ipv4 && ipv6 ? RelayedFamilies.BOTH : ipv4 ? RelayedFamilies.IPV4 : RelayedFamilies.IPV6);
  }

  @Override
  public Optional<MonotonicTime> nextDeadline() {
    return found.isPresent() ? Optional.empty() : limit;
  }

  @Override
  public Optional<Output> pollOutput() {
    return Optional.ofNullable(outputs.poll());
  }

  @Override
  public Optional<Found> pollEvent() {
    if (told) {
      return Optional.empty();
    }
    told = found.isPresent();
    return found;
  }
}

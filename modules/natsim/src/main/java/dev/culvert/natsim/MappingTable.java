package dev.culvert.natsim;

import dev.culvert.natsim.NatBehaviour.Trait;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/** Which internal address and port has which external one (RFC 4787 §4). */
final class MappingTable {
  private record Key(Protocol protocol, TransportAddress local, TransportAddress remote) {}

  private final NatBehaviour behaviour;
  private List<InetAddress> pool;
  private final RandomGenerator random;
  private final Map<InetAddress, PortAllocator> allocators = new HashMap<>();
  private final Map<InetAddress, InetAddress> paired = new HashMap<>();
  private final Map<Key, Mapping> byInternal = new HashMap<>();
  private final Map<Key, Mapping> byExternal = new HashMap<>();
  private int purgeAt = 1024;

  MappingTable(NatBehaviour behaviour, List<InetAddress> pool, RandomGenerator random) {
    this.behaviour = behaviour;
    this.pool = List.copyOf(pool);
    this.random = random;
  }

  /** The live mapping of an internal address toward a remote one. */
  Optional<Mapping> find(
      Protocol protocol, TransportAddress internal, TransportAddress remote, MonotonicTime now) {
    Mapping mapping = byInternal.get(internalKey(protocol, internal, remote));
    return Optional.ofNullable(mapping).filter(found -> found.isLive(now));
  }

  /** The live mapping that a packet from {@code remote} to {@code external} belongs to. */
  Optional<Mapping> findExternal(
      Protocol protocol, TransportAddress external, TransportAddress remote, MonotonicTime now) {
    Mapping mapping = byExternal.get(externalKey(protocol, external, remote));
    return Optional.ofNullable(mapping).filter(found -> found.isLive(now));
  }

  /**
   * A new mapping; empty if there is no port left.
   *
   * @param neighbour whether it is one of a host that nobody simulates
   */
  Optional<Mapping> create(
      Protocol protocol,
      TransportAddress internal,
      TransportAddress remote,
      boolean neighbour,
      MonotonicTime now,
      MonotonicTime until) {
    purge(now);
    InetAddress ip = externalIp(internal.ip());
    PortAllocator allocator =
        allocators.computeIfAbsent(ip, key -> new PortAllocator(behaviour.ports(), random));
    OptionalInt port =
        allocator.allocate(
            internal.ip(),
            internal.port(),
            candidate -> isFree(protocol, new TransportAddress(ip, candidate), remote, now));
    if (port.isEmpty()) {
      return Optional.empty();
    }
    TransportAddress external = new TransportAddress(ip, port.getAsInt());
    Mapping mapping = new Mapping(protocol, internal, external, neighbour, until);
    byInternal.put(internalKey(protocol, internal, remote), mapping);
    byExternal.put(externalKey(protocol, external, remote), mapping);
    return Optional.of(mapping);
  }

  /** Forgets everything and goes on with these external addresses. */
  void forget(List<InetAddress> newPool) {
    pool = List.copyOf(newPool);
    byInternal.clear();
    byExternal.clear();
    allocators.clear();
    paired.clear();
  }

  /** How many external ports there are for each protocol. */
  long ports() {
    return (long) pool.size() * (behaviour.ports().high() - behaviour.ports().low() + 1);
  }

  /** How many mappings are kept, dead ones among them. */
  int size() {
    return byExternal.size();
  }

  /** Dead mappings are dropped whenever they may be half of all. */
  private void purge(MonotonicTime now) {
    if (byExternal.size() >= purgeAt) {
      byInternal.values().removeIf(mapping -> !mapping.isLive(now));
      byExternal.values().removeIf(mapping -> !mapping.isLive(now));
      purgeAt = Math.max(1024, 2 * byExternal.size());
    }
  }

  private boolean isFree(
      Protocol protocol, TransportAddress external, TransportAddress remote, MonotonicTime now) {
    Mapping taken = byExternal.get(externalKey(protocol, external, remote));
    return taken == null || !taken.isLive(now);
  }

  private InetAddress externalIp(InetAddress internal) {
    return behaviour.is(Trait.POOLS_AT_RANDOM)
        ? anyOfPool()
        : paired.computeIfAbsent(internal, key -> anyOfPool());
  }

  private InetAddress anyOfPool() {
    return pool.get(random.nextInt(pool.size()));
  }

  private Key internalKey(Protocol protocol, TransportAddress internal, TransportAddress remote) {
    return new Key(protocol, internal, behaviour.mapping().key(remote));
  }

  private Key externalKey(Protocol protocol, TransportAddress external, TransportAddress remote) {
    Dependence shared =
        behaviour.ports().overloads() ? behaviour.mapping() : Dependence.ENDPOINT_INDEPENDENT;
    return new Key(protocol, external, shared.key(remote));
  }
}

package dev.culvert.turn.server;

import dev.culvert.sansio.Bytes;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/**
 * What the relays of one node share: ports, reservations, quotas, and which relayed addresses are
 * alive. Safe for every thread.
 */
public final class RelayResources {
  /** RFC 8656 §7.2: a reserved port waits at least so long for whoever has the token. */
  static final long RESERVATION_NANOS = 30_000_000_000L;

  private final List<Site> sites;
  private final RandomGenerator random;
  private final Quotas quotas;
  private final Map<Bytes, Reservation> reservations = new HashMap<>();
  private volatile boolean translates;
  private final AtomicInteger homes = new AtomicInteger();
  private volatile Set<InetAddress> own;

  /** One address with its ports; UDP and TCP allocations never share a number. */
  private static final class Site {
    private volatile RelayAddress address;
    private final PortPool ports;

    private Site(RelayAddress address, PortRange range) {
      this.address = address;
      this.ports = new PortPool(range);
    }
  }

  /** A port on an address, which somebody has. */
  static final class Lease {
    private final Site site;
    private final RelayAddress address;
    private final int port;

    private Lease(Site site, int port) {
      this.site = site;
      address = site.address;
      this.port = port;
    }

    /** As it was when the port was handed out. */
    RelayAddress address() {
      return address;
    }

    int port() {
      return port;
    }
  }

  private record Reservation(Lease lease, String owner, long until) {}

  /**
   * Everything is free.
   *
   * @param addresses where ports are handed out; the first of an IP version is used
   * @param ports which
   * @param limits how much anybody may have
   * @param random chooses ports, so that nobody can guess who gets which
   * @throws IllegalArgumentException if there is no address
   */
  public RelayResources(
      List<RelayAddress> addresses, PortRange ports, TurnLimits limits, RandomGenerator random) {
    if (addresses.isEmpty()) {
      throw new IllegalArgumentException("a relay needs an address");
    }
    sites = addresses.stream().map(address -> new Site(address, ports)).toList();
    this.random = random;
    quotas = new Quotas(limits);
    translates = addresses.stream().anyMatch(RelayAddress::isTranslated);
    own = Set.of();
  }

  /**
   * From now on clients are told another address for {@code address.local()}: the NAT before this
   * machine has a new one. Allocations that stand keep what they were told.
   *
   * @throws IllegalArgumentException if nothing is relayed on that local address
   */
  public synchronized void announce(RelayAddress address) {
    Site meant =
        sites.stream()
            .filter(site -> site.address.local().equals(address.local()))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException(address + " is not relayed on"));
    meant.address = address;
    translates = sites.stream().anyMatch(site -> site.address.isTranslated());
  }

  /**
   * Tells which addresses are this machine's own: of them only live relayed addresses are peers,
   * unless the policy allows one in so many words. May be told again at any time.
   */
  public void ownAddresses(Set<InetAddress> addresses) {
    own = Set.copyOf(addresses);
  }

  /** The addresses on which ports are handed out, one for each IP version that is relayed. */
  public List<RelayAddress> addresses() {
    List<RelayAddress> all = new ArrayList<>();
    site(true).ifPresent(site -> all.add(site.address));
    site(false).ifPresent(site -> all.add(site.address));
    return all;
  }

  /** How many ports there are, and how many of them nobody can have now. */
  public synchronized List<PortUse> ports() {
    return addresses().stream()
        .flatMap(address -> site(address.isIpv4()).stream())
        .map(site -> new PortUse(site.address, site.ports.taken(), site.ports.size()))
        .toList();
  }

  /** Whether the node has all the allocations that it may have. */
  public boolean isFull() {
    return quotas.isFull();
  }

  /** A number for an engine, 0 to 255. */
  int newHome() {
    return homes.getAndIncrement() & 0xff;
  }

  Quotas quotas() {
    return quotas;
  }

  private Optional<Site> site(boolean ipv4) {
    return sites.stream().filter(site -> site.address.isIpv4() == ipv4).findFirst();
  }

  boolean relays(boolean ipv4) {
    return site(ipv4).isPresent();
  }

  /** Any port. */
  synchronized Optional<Lease> lease(boolean ipv4, long now) {
    dropReservations(now);
    return site(ipv4).flatMap(site -> lease(site, site.ports.take(random, now)));
  }

  /** An even port. */
  synchronized Optional<Lease> leaseEven(boolean ipv4, long now) {
    dropReservations(now);
    return site(ipv4).flatMap(site -> lease(site, site.ports.takeEven(false, random, now)));
  }

  /** An even port, with the one above it taken for {@link #reserve}. */
  synchronized Optional<Lease> leaseEvenOfPair(boolean ipv4, long now) {
    dropReservations(now);
    return site(ipv4).flatMap(site -> lease(site, site.ports.takeEven(true, random, now)));
  }

  private static Optional<Lease> lease(Site site, OptionalInt port) {
    return port.isEmpty() ? Optional.empty() : Optional.of(new Lease(site, port.getAsInt()));
  }

  synchronized void giveBack(Lease lease, long now) {
    lease.site.ports.giveBack(lease.port, now);
  }

  /** Gives back the port above one of {@link #leaseEvenOfPair}. */
  synchronized void giveBackNext(Lease lease, long now) {
    lease.site.ports.giveBack(lease.port + 1, now);
  }

  /**
   * Keeps the port above one of {@link #leaseEvenOfPair} for whoever has the token.
   *
   * @param owner who may redeem it
   * @return the token, 8 bytes
   */
  synchronized Bytes reserve(Lease lease, String owner, long now) {
    byte[] bytes = new byte[8];
    random.nextBytes(bytes);
    Bytes token = Bytes.wrap(bytes);
    Lease next = new Lease(lease.site, lease.port + 1);
    reservations.put(token, new Reservation(next, owner, now + RESERVATION_NANOS));
    return token;
  }

  /** The reserved port; a token is good once, and for its owner alone. */
  synchronized Optional<Lease> redeem(Bytes token, String owner, long now) {
    dropReservations(now);
    Reservation reservation = reservations.get(token);
    if (reservation == null || !reservation.owner().equals(owner)) {
      return Optional.empty();
    }
    reservations.remove(token);
    return Optional.of(reservation.lease());
  }

  /** Gives back what nobody redeemed in time. */
  synchronized void dropReservations(long now) {
    reservations
        .values()
        .removeIf(
            reservation -> {
              boolean over = reservation.until() - now <= 0;
              if (over) {
                reservation.lease.site.ports.giveBack(reservation.lease.port, now);
              }
              return over;
            });
  }

  synchronized int reservations() {
    return reservations.size();
  }

  /** A lease's port begins or ceases to be somebody's relayed address. */
  void live(Lease lease, boolean alive) {
    lease.site.ports.live(lease.port, alive);
  }

  /** Whether {@code ip} is one of this machine's. */
  boolean isOwn(InetAddress ip) {
    if (own.contains(ip)) {
      return true;
    }
    for (int i = 0; i < sites.size(); i++) {
      RelayAddress address = sites.get(i).address;
      if (address.announced().equals(ip) || address.local().equals(ip)) {
        return true;
      }
    }
    return false;
  }

  /** Whether an announced address and a port are somebody's relayed address just now. */
  boolean isLive(InetAddress announced, int port) {
    for (int i = 0; i < sites.size(); i++) {
      if (sites.get(i).address.announced().equals(announced)) {
        return sites.get(i).ports.isLive(port);
      }
    }
    return false;
  }

  /** Where datagrams for an announced address really go: the same, or an address of ours. */
  InetAddress localOf(InetAddress announced) {
    if (translates) {
      for (Site site : sites) {
        if (site.address.announced().equals(announced)) {
          return site.address.local();
        }
      }
    }
    return announced;
  }

  /** The reverse of {@link #localOf}. */
  InetAddress announcedOf(InetAddress local) {
    if (translates) {
      for (int i = 0; i < sites.size(); i++) {
        RelayAddress address = sites.get(i).address;
        if (address.local().equals(local)) {
          return address.announced();
        }
      }
    }
    return local;
  }
}

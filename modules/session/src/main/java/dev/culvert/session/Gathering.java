package dev.culvert.session;

import dev.culvert.ice.Base;
import dev.culvert.ice.Candidate;
import dev.culvert.ice.CandidateType;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.StunPacket;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * Finds the candidates of this peer, once for all other peers: opens the sockets, asks the servers,
 * gets allocations from the relays (RFC 8445 §5.1.1).
 */
final class Gathering {
  /** Before most NATs forget (RFC 8445 §11). */
  private static final Duration KEEPALIVE = Duration.ofSeconds(15);

  private static final Duration LEAST_KEEPALIVE = Duration.ofSeconds(1);

  private SessionConfig config;
  private final Desk desk;
  private final Listener listener;
  private final LocalSockets sockets;
  private final Reflexives reflexives;
  private final Tunnels tunnels;
  private final TcpPorts ports;
  private final HostNames names;
  private final CandidateMaker maker;
  private final List<Gathered> current = new ArrayList<>();
  private final Map<Relay, Set<Base>> tried = new HashMap<>();
  private final List<Gathered> unnamed = new ArrayList<>();
  private final Set<Relay> unserved = new LinkedHashSet<>();
  private Optional<MonotonicTime> began = Optional.empty();

  /** Since when servers can answer: all sockets are there. */
  private Optional<MonotonicTime> asked = Optional.empty();

  private Optional<MonotonicTime> nextKeepalive = Optional.empty();
  private Duration keepalive = KEEPALIVE;
  private boolean wantsRelays;
  private boolean settled;
  private boolean closing;

  /** Is told what was found, and what comes through tunnels. */
  interface Listener {
    void found(Gathered gathered, MonotonicTime now);

    void settled(MonotonicTime now);

    /** Whether a peer may yet send to what it was told, so that NATs must not forget it. */
    boolean isWaiting();

    void received(Flow from, Bytes data, MonotonicTime now);

    void unreachable(Flow flow, CloseCause cause, MonotonicTime now);

    /** Nothing can be sent from this base any more. */
    void lost(long baseId, String reason, MonotonicTime now);
  }

  Gathering(SessionConfig config, Desk desk, RandomGenerator random, Listener listener) {
    this.config = config;
    this.desk = desk;
    this.listener = listener;
    this.sockets = new LocalSockets(desk);
    this.reflexives = new Reflexives(random);
    this.tunnels = new Tunnels(desk, random, new Relayed());
    this.ports = new TcpPorts(desk);
    this.names = new HostNames(desk, random);
    this.maker = new CandidateMaker(config.relays().stream().map(Relay::name).toList());
  }

  /** What was found and still holds. */
  List<Gathered> current() {
    return current;
  }

  boolean isSettled() {
    return settled;
  }

  /** Begins, or asks again whoever has not been asked for a while. */
  void begin(boolean relays, MonotonicTime now) {
    boolean more = relays && !wantsRelays && !config.relays().isEmpty();
    wantsRelays |= relays;
    if (began.isEmpty()) {
      began = Optional.of(now);
      maker.prefer(config.addresses());
      config.addresses().forEach(this::open);
    } else if (settled && now.since(began.get()).compareTo(config.patience()) > 0) {
      began = Optional.of(now);
      asked = Optional.empty();
      settled = false;
      sockets.bases().forEach(this::ask);
    } else if (settled && more) {
      // So far nobody was to be told of relays.
      began = Optional.of(now);
      asked = Optional.empty();
      settled = false;
    }
    settle(now);
  }

  /** This host has other addresses than before. */
  void use(List<LocalAddress> addresses, MonotonicTime now) {
    maker.prefer(addresses);
    List<LocalAddress> before = sockets.addresses();
    for (LocalAddress address : before) {
      if (!addresses.contains(address)) {
        String ip = address.ip().getHostAddress();
        sockets.close(address).forEach(id -> lost(id, ip, now));
        ports.close(address.ip()).forEach(id -> lost(id, ip, now));
        names.forget(address.ip());
      }
    }
    for (LocalAddress address : addresses) {
      if (!before.contains(address)) {
        open(address);
        settled = false;
        began = Optional.of(now);
        asked = Optional.empty();
      }
    }
    settle(now);
  }

  /** These are asked from now on; allocations that stand are kept, whoever gave them. */
  void ask(List<NamedServer> servers, List<Relay> relays, MonotonicTime now) {
    List<NamedServer> fresh =
        servers.stream().filter(server -> !config.servers().contains(server)).toList();
    List<Relay> before = config.relays();
    config = config.asking(servers).relaying(relays);
    maker.relays(relays.stream().map(Relay::name).toList());
    // One that comes again may have been started anew, and is asked again.
    unserved.removeIf(relay -> !relays.contains(relay) || !before.contains(relay));
    tunnels.all().toList().forEach(its -> doubt(its, before, now));
    tunnels.only(relays);
    List<Relay> missing =
        relays.stream()
            .filter(relay -> !tunnels.knows(relay.name()))
            .filter(relay -> !unserved.contains(relay))
            .toList();
    if (began.isEmpty() || closing || (fresh.isEmpty() && missing.isEmpty())) {
      return;
    }
    began = Optional.of(now);
    asked = Optional.empty();
    settled = false;
    sockets.bases().forEach(base -> fresh.forEach(server -> reflexives.ask(base, server)));
    if (tunnels.isBegun()) {
      missing.forEach(relay -> open(relay, now));
    }
    settle(now);
  }

  /** What is said of its relay is not what was said before. */
  private void doubt(Tunnel tunnel, List<Relay> before, MonotonicTime now) {
    boolean same = before.contains(tunnel.relay()) == config.relays().contains(tunnel.relay());
    if (tunnel.isRenewing() && renewed(tunnel).isPresent()) {
      leave(tunnel, now);
    } else if (!same) {
      tunnel.client().doubt(now);
    }
  }

  /** Its relay with other credentials, if there are any by now. */
  private Optional<Relay> renewed(Tunnel tunnel) {
    return config.relays().stream()
        .filter(its -> its.name().equals(tunnel.relay().name()))
        .filter(its -> !its.equals(tunnel.relay()))
        .findFirst();
  }

  private void leave(Tunnel tunnel, MonotonicTime now) {
    tunnels.forget(tunnel);
    tunnel.abandon(desk, now);
  }

  private void open(Relay relay, MonotonicTime now) {
    if (!tunnels.open(relay, sockets.bases(), now)) {
      unserved.add(relay);
    }
    tunnels.drain(now);
  }

  private void open(LocalAddress address) {
    sockets.open(address);
    if (config.tcp()) {
      ports.open(address.ip());
    }
    if (config.hidesAddresses()) {
      names.publish(address.ip());
    }
  }

  private void lost(long id, String what, MonotonicTime now) {
    reflexives.closed(id);
    current.removeIf(each -> each.base().id() == id);
    tunnels.accept(new Input.Closed(id, CloseCause.FINISHED, what + " is gone"), now);
    listener.lost(id, what + " is no address of this host any more", now);
  }

  /** A mapping that somebody made on the NAT before a socket of this peer (RFC 6887). */
  void mapped(InetAddress local, TransportAddress outside, String by, MonotonicTime now) {
    sockets.bases().stream()
        .filter(base -> base.address().ip().equals(local))
        .findFirst()
        .ifPresent(
            base -> found(CandidateType.SERVER_REFLEXIVE, base, outside, by, Duration.ZERO, now));
  }

  boolean hasSocket(long id) {
    return sockets.has(id);
  }

  /** Whether what comes on a flow is for a link alone, and comes as it left the peer. */
  boolean isDirect(Flow flow) {
    return sockets.has(flow.id())
        && !flow.local().ip().isAnyLocalAddress()
        && tunnels.all().noneMatch(tunnel -> tunnel.client().hears(flow));
  }

  /** Whether the tunnel of this flow, if it is one's, takes more. */
  boolean hasRoom(Flow flow) {
    return tunnels.of(flow.id()).map(tunnel -> tunnel.client().isWritable()).orElse(true);
  }

  Stream<Base> bases() {
    return sockets.bases().stream();
  }

  /** A datagram on a socket: whether a relay or a server had sent it. */
  boolean takeFromRelay(Flow from, Bytes payload, MonotonicTime now) {
    return tunnels.take(from, payload, now);
  }

  boolean takeFromServer(Flow from, StunPacket packet, MonotonicTime now) {
    return reflexives.take(from, packet, now);
  }

  /** Whether a flow leads through a tunnel, and has been served. */
  boolean send(Flow flow, Bytes data, MonotonicTime now) {
    Optional<Tunnel> tunnel = tunnels.of(flow.id());
    tunnel.ifPresent(its -> its.send(flow, data, now));
    return tunnel.isPresent();
  }

  void accept(Input input, MonotonicTime now) {
    sockets
        .accept(input)
        .flatMap(LocalSockets.Socket::base)
        .ifPresent(
            base -> {
              host(base, now);
              ask(base);
              serveOthers(now);
            });
    ports.accept(input).ifPresent(port -> host(port, now));
    names.accept(input).ifPresent(ip -> named(ip, now));
    if (input instanceof Input.Unreachable unreachable) {
      reflexives.unreachable(unreachable.flow(), unreachable.cause());
    }
    tunnels.accept(input, now);
    settle(now);
  }

  private void host(Base base, MonotonicTime now) {
    own(maker.udp(CandidateType.HOST, base, base.address(), ""), base, now);
    if (config.tcp()) {
      host(ports.active(base.address().ip()), now);
    }
  }

  private void host(TcpPorts.Usable port, MonotonicTime now) {
    own(maker.tcp(port.type(), port.base()), port.base(), now);
  }

  /** Adds a candidate of this host, at once or as soon as it is known what may be told of it. */
  private void own(Candidate candidate, Base base, MonotonicTime now) {
    Gathered host = new Gathered(candidate, base, Optional.empty(), Duration.ZERO);
    if (config.hidesAddresses() && !names.isSettled(base.address().ip())) {
      unnamed.add(host);
    } else {
      found(host, now);
    }
  }

  private void named(InetAddress ip, MonotonicTime now) {
    List<Gathered> its =
        unnamed.stream().filter(each -> each.base().address().ip().equals(ip)).toList();
    unnamed.removeAll(its);
    its.forEach(each -> found(each, now));
  }

  /** A candidate of a socket that was punched from; no peer is told of it. */
  Candidate punched(Base base) {
    return maker.udp(CandidateType.HOST, base, base.address(), "");
  }

  /** What a peer may be told of a candidate; empty if nothing. */
  Optional<Candidate> tellable(Gathered gathered) {
    return config.hidesAddresses()
        ? names.hidden(gathered.candidate(), gathered.base().address().ip())
        : Optional.of(gathered.candidate());
  }

  /** A relay that no address led to may be reached from a new one. */
  private void serveOthers(MonotonicTime now) {
    for (Relay relay : List.copyOf(unserved)) {
      Set<Base> used = tried.getOrDefault(relay, Set.of());
      List<Base> left = sockets.bases().stream().filter(base -> !used.contains(base)).toList();
      if (tunnels.open(relay, left, now)) {
        unserved.remove(relay);
      }
    }
  }

  private void ask(Base base) {
    config.servers().forEach(server -> reflexives.ask(base, server));
  }

  void advance(MonotonicTime now) {
    tunnels.advance(now);
    settle(now);
  }

  /** Does all that can be done now; whether there was anything. */
  boolean drain(MonotonicTime now) {
    return tunnels.drain(now);
  }

  void settle(MonotonicTime now) {
    if (began.isEmpty() || closing) {
      return;
    }
    if (asked.isEmpty() && sockets.areSettled()) {
      asked = Optional.of(now);
    }
    keepAlive(now);
    reflexives.advance(desk, new Seen(now), now);
    if (wantsRelays && !tunnels.isBegun() && sockets.areSettled()) {
      tunnels.begin(config.relays(), sockets.bases(), now);
      tunnels.drain(now);
    }
    boolean relaysSettled = !wantsRelays || (tunnels.isBegun() && tunnels.areSettled());
    boolean all =
        sockets.areSettled()
            && ports.areSettled()
            && names.areSettled()
            && reflexives.isIdle()
            && relaysSettled;
    if (!settled && (all || deadline().filter(end -> !now.isBefore(end)).isPresent())) {
      settled = true;
      desk.tell(new SessionEvent.GatheringDone(now.since(began.get())));
      listener.settled(now);
    }
  }

  /**
   * A server is asked again in time for the NAT, and shows whether the mapping is still the same.
   */
  private void keepAlive(MonotonicTime now) {
    if (!settled || config.servers().isEmpty() || !listener.isWaiting()) {
      nextKeepalive = Optional.empty();
    } else if (nextKeepalive.isEmpty()) {
      nextKeepalive = Optional.of(now.plus(keepalive));
    } else if (!now.isBefore(nextKeepalive.get())) {
      nextKeepalive = Optional.of(now.plus(keepalive));
      sockets.bases().forEach(this::ask);
    }
  }

  /** Mappings live no longer than this; servers are asked three times as often. */
  void mappingLifetime(Duration lifetime) {
    remindEvery(lifetime.dividedBy(3));
  }

  private void remindEvery(Duration interval) {
    Duration wanted = interval.compareTo(LEAST_KEEPALIVE) < 0 ? LEAST_KEEPALIVE : interval;
    keepalive = wanted.compareTo(keepalive) < 0 ? wanted : keepalive;
  }

  private Optional<MonotonicTime> deadline() {
    return asked.map(at -> at.plus(config.patience()));
  }

  private void found(
      CandidateType type,
      Base base,
      TransportAddress address,
      String server,
      Duration took,
      MonotonicTime now) {
    Candidate candidate = maker.udp(type, base, address, server);
    found(new Gathered(candidate, base, Optional.of(server), took), now);
  }

  private void found(Gathered gathered, MonotonicTime now) {
    boolean known =
        current.stream()
            .anyMatch(
                each ->
                    each.base().equals(gathered.base())
                        && each.candidate().address().equals(gathered.candidate().address()));
    if (!known) {
      current.add(gathered);
      desk.tell(new SessionEvent.Found(gathered));
      listener.found(gathered, now);
    }
  }

  void close(MonotonicTime now) {
    closing = true;
    tunnels.close(now);
    tunnels.drain(now);
  }

  /** Whether all allocations are given back; the sockets are closed then. */
  boolean isClosed() {
    if (closing && tunnels.areEnded()) {
      sockets.closeAll();
      ports.closeAll();
      names.forgetAll();
      return true;
    }
    return false;
  }

  Optional<MonotonicTime> nextDeadline() {
    List<MonotonicTime> all = new ArrayList<>();
    tunnels.nextDeadline().ifPresent(all::add);
    if (!closing) {
      reflexives.nextDeadline().ifPresent(all::add);
      nextKeepalive.ifPresent(all::add);
      if (!settled) {
        deadline().ifPresent(all::add);
      }
    }
    return all.stream().min(Comparator.naturalOrder());
  }

  private final class Seen implements Reflexives.Listener {
    private final MonotonicTime now;

    Seen(MonotonicTime now) {
      this.now = now;
    }

    @Override
    public void seen(Reflexives.Question question, TransportAddress mapped, Duration took) {
      String server = question.server().name();
      Optional<InetAddress> from = Optional.of(question.base().address().ip());
      desk.tell(new SessionEvent.Seen(server, from, mapped, took));
      boolean changed =
          current.removeIf(
              each ->
                  each.base().equals(question.base())
                      && each.server().filter(server::equals).isPresent()
                      && each.candidate().address().known().filter(mapped::equals).isEmpty());
      if (changed) {
        // Perhaps the NAT forgot sooner than it was reminded.
        remindEvery(keepalive.dividedBy(2));
      }
      found(CandidateType.SERVER_REFLEXIVE, question.base(), mapped, server, took, now);
    }

    @Override
    public void silent(Reflexives.Question question, String reason, Duration took) {
      desk.tell(
          new SessionEvent.NotFound(
              question.server().name(), Optional.of(question.base().address().ip()), reason, took));
    }
  }

  private final class Relayed implements Tunnel.Listener {
    @Override
    public void stands(Tunnel tunnel, TransportAddress mapped, Duration took, MonotonicTime now) {
      String name = tunnel.relay().name();
      Optional<InetAddress> from = tunnel.socket().map(base -> base.address().ip());
      desk.tell(new SessionEvent.Seen(name, from, mapped, took));
      tunnel
          .bases()
          .forEach(base -> found(CandidateType.RELAYED, base, base.address(), name, took, now));
      tunnel
          .socket()
          .ifPresent(base -> found(CandidateType.SERVER_REFLEXIVE, base, mapped, name, took, now));
    }

    @Override
    public void received(Flow from, Bytes data, MonotonicTime now) {
      listener.received(from, data, now);
    }

    @Override
    public void unreachable(Flow flow, CloseCause cause, MonotonicTime now) {
      listener.unreachable(flow, cause, now);
    }

    @Override
    public void lost(Tunnel tunnel, String reason, MonotonicTime now) {
      current.removeIf(each -> each.base().id() == tunnel.id());
      if (!tunnel.client().hasEnded() && !closing) {
        // Links that begin anew because of it are not complete before they have the new one.
        began = Optional.of(now);
        asked = Optional.empty();
        settled = false;
      }
      listener.lost(tunnel.id(), tunnel.relay().name() + ": " + reason, now);
      if (tunnel.client().hasEnded() || renewed(tunnel).isPresent()) {
        elsewhere(tunnel, now);
      }
    }

    @Override
    public void failed(Tunnel tunnel, String reason, Duration took, MonotonicTime now) {
      Optional<InetAddress> from = tunnel.socket().map(base -> base.address().ip());
      desk.tell(new SessionEvent.NotFound(tunnel.relay().name(), from, reason, took));
      elsewhere(tunnel, now);
    }

    /** From this address it did not work; another may lead to the relay. */
    private void elsewhere(Tunnel tunnel, MonotonicTime now) {
      leave(tunnel, now);
      Optional<Relay> renewed = renewed(tunnel);
      if (renewed.isPresent() && !closing) {
        // There are other credentials by now.
        open(renewed.get(), now);
        return;
      }
      if (closing || tunnel.socket().isEmpty()) {
        return;
      }
      Set<Base> used = tried.computeIfAbsent(tunnel.relay(), relay -> new HashSet<>());
      used.add(tunnel.socket().get());
      List<Base> left = sockets.bases().stream().filter(base -> !used.contains(base)).toList();
      if (!tunnels.open(tunnel.relay(), left, now)) {
        unserved.add(tunnel.relay());
      }
    }

    @Override
    public void closed(Tunnel tunnel) {
      tunnels.forget(tunnel);
    }
  }
}

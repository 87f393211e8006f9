package dev.culvert.transport.server;

import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BiPredicate;

/** The sockets of one {@link StunListener}. Belongs to the server's address thread. */
@SuppressWarnings("FutureReturnValueIgnored") // What fails closes the channel, or is counted there.
final class OpenListener {
  private final Binder binder;
  private final StunListener listener;
  private final StreamSite streams;
  private final DtlsSite dtls;
  private final BiPredicate<Transport, TransportAddress> isCovered;
  private final List<UdpSite> sites = new ArrayList<>();
  private final List<WildcardUdp> wildcards = new ArrayList<>();
  private final List<DtlsSocket> secured = new ArrayList<>();
  private final List<Channel> acceptors = new ArrayList<>();
  private final Map<Transport, List<TransportAddress>> bound = new EnumMap<>(Transport.class);

  /**
   * Nothing is open yet.
   *
   * @param isCovered whether a socket that is open already takes a transport to an address
   */
  OpenListener(
      Binder binder,
      StunListener listener,
      StreamSite streams,
      DtlsSite dtls,
      BiPredicate<Transport, TransportAddress> isCovered) {
    this.binder = binder;
    this.listener = listener;
    this.streams = streams;
    this.dtls = dtls;
    this.isCovered = isCovered;
  }

  void open(List<LoopState> loops, ScheduledExecutorService executor) throws ListenException {
    Corners corners = corners();
    if (listener.transports().contains(Transport.UDP)) {
      corners = openUdp(corners, loops, executor);
      bound.put(Transport.UDP, corners.addresses());
    } else if (listener.transports().contains(Transport.DTLS)) {
      corners = openDtls(corners, loops);
      bound.put(Transport.DTLS, corners.addresses());
    }
    for (Transport transport : List.of(Transport.TCP, Transport.TLS)) {
      if (listener.transports().contains(transport)) {
        bound.put(transport, openStreams(transport, corners));
      }
    }
  }

  private Corners corners() {
    return listener
        .alternate()
        .map(other -> Corners.four(listener.address(), other))
        .orElseGet(() -> Corners.single(listener.address()));
  }

  private Corners openUdp(Corners wanted, List<LoopState> loops, ScheduledExecutorService executor)
      throws ListenException {
    LoopState first = loops.get(0);
    Corners corners = probe(wanted, Transport.UDP, first);
    if (corners.at(0).ip().isAnyLocalAddress()) {
      WildcardUdp wildcard = new WildcardUdp(binder, loops, executor, corners.at(0));
      wildcards.add(wildcard);
      wildcard.open();
    } else {
      sites.add(UdpSite.open(binder, corners, loops));
    }
    return corners;
  }

  private Corners openDtls(Corners wanted, List<LoopState> loops) throws ListenException {
    if (isCovered.test(Transport.DTLS, wanted.at(0))) {
      return wanted;
    }
    Corners corners = probe(wanted, Transport.DTLS, loops.get(0));
    Optional<Corners> four = Optional.of(corners).filter(Corners::hasAlternate);
    for (TransportAddress address : corners.addresses()) {
      LoopState loop = loops.get(address.port() % loops.size());
      secured.add(dtls.listen(loop, address, four));
    }
    return corners;
  }

  /** Checks that nobody has the ports, and learns those that the system is to choose. */
  private Corners probe(Corners wanted, Transport transport, LoopState loop)
      throws ListenException {
    boolean both = wanted.at(0).isIpv6() && binder.platform.isDualStack();
    if (both && wanted.at(0).ip().isAnyLocalAddress() && wanted.at(0).port() != 0) {
      // The probe would meet our own IPv4 sockets; where ports are not shared it is not needed.
      return wanted;
    }
    TransportAddress address = binder.probe(loop.eventLoop, transport, wanted.at(0));
    if (!wanted.hasAlternate()) {
      return Corners.single(address);
    }
    TransportAddress alternate = binder.probe(loop.eventLoop, transport, wanted.at(3));
    Corners corners = Corners.four(address, alternate);
    binder.probe(loop.eventLoop, transport, corners.at(1));
    binder.probe(loop.eventLoop, transport, corners.at(2));
    return corners;
  }

  private List<TransportAddress> openStreams(Transport transport, Corners corners)
      throws ListenException {
    List<TransportAddress> addresses = new ArrayList<>();
    Optional<Corners> four = Optional.of(corners).filter(Corners::hasAlternate);
    for (TransportAddress address : corners.addresses()) {
      if (isCovered.test(transport, address)) {
        addresses.add(address);
        continue;
      }
      Channel acceptor = streams.listen(transport, address, four);
      acceptors.add(acceptor);
      addresses.add(address.withPort(Binder.port(acceptor)));
    }
    return addresses;
  }

  List<TransportAddress> addresses(Transport transport) {
    return bound.getOrDefault(transport, List.of());
  }

  StunListener listener() {
    return listener;
  }

  /** Whether all its sockets are open. */
  boolean isOpen() {
    return acceptors.stream().allMatch(Channel::isOpen)
        && wildcards.stream().allMatch(WildcardUdp::isOpen)
        && secured.stream().allMatch(DtlsSocket::isOpen)
        && sites.stream().allMatch(UdpSite::isOpen);
  }

  List<Future<?>> close() {
    List<Future<?>> closing = new ArrayList<>();
    acceptors.forEach(acceptor -> closing.add(acceptor.close()));
    wildcards.forEach(wildcard -> closing.addAll(wildcard.close()));
    secured.forEach(socket -> closing.add(socket.close()));
    sites.forEach(site -> closing.addAll(site.close()));
    return closing;
  }
}

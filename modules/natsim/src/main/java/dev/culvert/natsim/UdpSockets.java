package dev.culvert.natsim;

import dev.culvert.natsim.Packet.Signal;
import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The UDP sockets of a host. */
final class UdpSockets {
  private record Socket(
      Resident<?> owner, long id, TransportAddress local, Optional<TransportAddress> remote) {

    boolean takes(TransportAddress to, TransportAddress from) {
      boolean mine = local.ip().isAnyLocalAddress() || local.ip().equals(to.ip());
      return mine && local.port() == to.port() && remote.map(from::equals).orElse(true);
    }

    /** The more a socket asks for, the more it comes first. */
    int precision() {
      return (remote.isPresent() ? 2 : 0) + (local.ip().isAnyLocalAddress() ? 0 : 1);
    }
  }

  private final Host host;
  private final List<Socket> sockets = new ArrayList<>();

  UdpSockets(Host host) {
    this.host = host;
  }

  /** What became of the wish. */
  Input bind(Resident<?> owner, long id, TransportAddress wanted) {
    if (!wanted.ip().isAnyLocalAddress() && !host.has(wanted.ip())) {
      return new Input.BindFailed(id, "no such address on this host");
    }
    Optional<TransportAddress> local = freePort(wanted);
    if (local.isEmpty()) {
      return new Input.BindFailed(id, "the port is in use");
    }
    sockets.add(new Socket(owner, id, local.get(), Optional.empty()));
    return new Input.Bound(id, local.get(), host.canSetTtl());
  }

  /** What became of the wish. */
  Input connect(Resident<?> owner, Output.Open open) {
    Optional<TransportAddress> wanted =
        open.local()
            .or(() -> host.sourceFor(open.remote().ip()).map(ip -> new TransportAddress(ip, 0)));
    Optional<TransportAddress> local =
        wanted.filter(address -> host.has(address.ip())).flatMap(this::freePort);
    if (local.isEmpty()) {
      return new Input.Closed(open.id(), CloseCause.UNREACHABLE, "no route to the host");
    }
    sockets.add(new Socket(owner, open.id(), local.get(), Optional.of(open.remote())));
    return new Input.Opened(new Flow(open.id(), Transport.UDP, local.get(), open.remote()));
  }

  void close(Resident<?> owner, long id) {
    sockets.removeIf(socket -> socket.owner() == owner && socket.id() == id);
  }

  void closeAll(Resident<?> owner) {
    sockets.removeIf(socket -> socket.owner() == owner);
  }

  void send(Resident<?> owner, Output.Send send) {
    for (Socket socket : sockets) {
      if (socket.owner() == owner && socket.id() == send.flow().id()) {
        TransportAddress remote = socket.remote().orElse(send.flow().remote());
        boolean wildcard = socket.local().ip().isAnyLocalAddress();
        TransportAddress source =
            wildcard && host.has(send.flow().local().ip())
                ? new TransportAddress(send.flow().local().ip(), socket.local().port())
                : host.concrete(socket.local(), remote);
        int ttl = send.ttl() == Output.SYSTEM_TTL ? Packet.USUAL_TTL : send.ttl();
        host.send(Packet.udp(source, remote, send.payload(), ttl, send.dontFragment()));
        return;
      }
    }
  }

  void arrive(Packet packet) {
    Optional<Socket> taker =
        sockets.stream()
            .filter(socket -> socket.takes(packet.destination(), packet.source()))
            .max(Comparator.comparingInt(Socket::precision));
    if (taker.isEmpty()) {
      host.refuse(packet, Signal.PORT_UNREACHABLE);
      return;
    }
    Flow flow = new Flow(taker.get().id(), Transport.UDP, packet.destination(), packet.source());
    taker.get().owner().receive(flow, packet.payload());
  }

  /** An error about something sent; only connected sockets learn of it, as in any system. */
  void error(Signal signal, Packet about) {
    for (Socket socket : List.copyOf(sockets)) {
      if (socket.remote().isPresent() && socket.takes(about.source(), about.destination())) {
        Flow flow = new Flow(socket.id(), Transport.UDP, about.source(), about.destination());
        socket.owner().tell(new Input.Unreachable(flow, cause(signal)));
      }
    }
  }

  static CloseCause cause(Signal signal) {
    return switch (signal) {
      case PORT_UNREACHABLE -> CloseCause.REFUSED;
      case PROHIBITED -> CloseCause.PROHIBITED;
      default -> CloseCause.UNREACHABLE;
    };
  }

  private Optional<TransportAddress> freePort(TransportAddress wanted) {
    if (wanted.port() != 0) {
      return Optional.of(wanted).filter(this::isFree);
    }
    TransportAddress chosen = wanted.withPort(host.randomPort());
    while (!isFree(chosen)) {
      chosen = wanted.withPort(host.randomPort());
    }
    return Optional.of(chosen);
  }

  private boolean isFree(TransportAddress local) {
    return sockets.stream()
        .noneMatch(
            socket ->
                socket.local().port() == local.port()
                    && (socket.local().ip().equals(local.ip())
                        || socket.local().ip().isAnyLocalAddress()
                        || local.ip().isAnyLocalAddress()));
  }
}

package dev.culvert.session;

import dev.culvert.ice.Base;
import dev.culvert.ice.TcpType;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The TCP ports of a peer (RFC 6544 §5.1): on each address of its host one that listens, one that
 * listens and connects at once, and the right to connect from any.
 */
final class TcpPorts {
  /** What stands for a port that is not known yet (RFC 6544 §4.5). */
  private static final int DISCARD = 9;

  private final Desk desk;
  private final Map<Long, Port> byId = new LinkedHashMap<>();

  private record Port(InetAddress ip, TcpType type, boolean isOpen) {}

  /** A port that can be used. */
  record Usable(TcpType type, Base base) {}

  TcpPorts(Desk desk) {
    this.desk = desk;
  }

  /** Asks for those of an address. */
  void open(InetAddress ip) {
    listen(ip, TcpType.PASSIVE);
    listen(ip, TcpType.SIMULTANEOUS_OPEN);
  }

  private void listen(InetAddress ip, TcpType type) {
    long id = desk.newId();
    byId.put(id, new Port(ip, type, false));
    desk.put(new Output.Listen(id, new TransportAddress(ip, 0)));
  }

  /** Connections may leave from an address without a port of its own. */
  Usable active(InetAddress ip) {
    TransportAddress any = new TransportAddress(ip, DISCARD);
    return new Usable(TcpType.ACTIVE, new Base(desk.newId(), Transport.TCP, any));
  }

  /** What an answer to {@link #open} brought; empty if it is none, or the system refused. */
  Optional<Usable> accept(Input input) {
    if (input instanceof Input.Bound bound && byId.containsKey(bound.id())) {
      Port port = byId.get(bound.id());
      byId.put(bound.id(), new Port(port.ip(), port.type(), true));
      return Optional.of(
          new Usable(port.type(), new Base(bound.id(), Transport.TCP, bound.local())));
    }
    if (input instanceof Input.BindFailed failed) {
      byId.remove(failed.id());
    }
    return Optional.empty();
  }

  /** Whether none is still asked for. */
  boolean areSettled() {
    return byId.values().stream().allMatch(Port::isOpen);
  }

  /** Closes those of an address; the ids that are gone with them. */
  List<Long> close(InetAddress ip) {
    List<Long> gone =
        byId.entrySet().stream()
            .filter(each -> each.getValue().ip().equals(ip))
            .map(Map.Entry::getKey)
            .toList();
    gone.forEach(this::close);
    return gone;
  }

  private void close(long id) {
    byId.remove(id);
    desk.put(new Output.Close(id));
  }

  void closeAll() {
    List.copyOf(byId.keySet()).forEach(this::close);
  }
}

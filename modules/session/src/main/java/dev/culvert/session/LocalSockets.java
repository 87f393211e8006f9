package dev.culvert.session;

import dev.culvert.ice.Base;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The UDP sockets of a peer, one on each address of its host. */
final class LocalSockets {
  private final Desk desk;
  private final Map<Long, Socket> byId = new LinkedHashMap<>();

  /**
   * One of them.
   *
   * @param address what it was asked for
   * @param base what it sends from; empty while it is not open
   */
  record Socket(LocalAddress address, Optional<Base> base) {}

  LocalSockets(Desk desk) {
    this.desk = desk;
  }

  void open(LocalAddress address) {
    long id = desk.newId();
    byId.put(id, new Socket(address, Optional.empty()));
    desk.put(new Output.Bind(id, new TransportAddress(address.ip(), 0)));
  }

  boolean has(long id) {
    return byId.containsKey(id);
  }

  /** What an answer to {@link #open} brought; empty if it is none, or the system refused. */
  Optional<Socket> accept(Input input) {
    if (input instanceof Input.Bound bound) {
      Socket asked = byId.get(bound.id());
      if (asked == null) {
        return Optional.empty();
      }
      Socket open =
          new Socket(
              asked.address(), Optional.of(new Base(bound.id(), Transport.UDP, bound.local())));
      byId.put(bound.id(), open);
      desk.tell(new SessionEvent.Bound(asked.address(), bound.local()));
      return Optional.of(open);
    }
    if (input instanceof Input.BindFailed failed) {
      Socket asked = byId.remove(failed.id());
      if (asked != null) {
        desk.tell(new SessionEvent.NotBound(asked.address(), failed.detail()));
      }
    }
    return Optional.empty();
  }

  /** Whether none is still asked for. */
  boolean areSettled() {
    return byId.values().stream().allMatch(socket -> socket.base().isPresent());
  }

  /** Those that are open, in the order of preference. */
  List<Base> bases() {
    List<Base> open = new ArrayList<>();
    byId.values().forEach(socket -> socket.base().ifPresent(open::add));
    return open;
  }

  List<LocalAddress> addresses() {
    return byId.values().stream().map(Socket::address).toList();
  }

  /** Closes those on an address; the ids that are gone with them. */
  List<Long> close(LocalAddress address) {
    List<Long> gone =
        byId.entrySet().stream()
            .filter(each -> each.getValue().address().equals(address))
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

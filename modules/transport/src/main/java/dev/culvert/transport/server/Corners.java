package dev.culvert.transport.server;

import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.BindingResponder;
import dev.culvert.stun.BindingService;
import java.util.List;
import java.util.Optional;

/**
 * The addresses that answer for each other: one, or in the order A1:P1, A1:P2, A2:P1, A2:P2 the
 * four of RFC 5780 §6.1. A corner is an index into them; flipping bit 0 changes its port, flipping
 * bit 1 its address.
 */
record Corners(List<TransportAddress> addresses) {
  static final int CHANGE_PORT = 1;
  static final int CHANGE_IP = 2;
  private static final int OPPOSITE = CHANGE_IP | CHANGE_PORT;

  Corners {
    addresses = List.copyOf(addresses);
  }

  static Corners single(TransportAddress address) {
    return new Corners(List.of(address));
  }

  static Corners four(TransportAddress address, TransportAddress alternate) {
    return new Corners(
        List.of(
            address,
            address.withPort(alternate.port()),
            alternate.withPort(address.port()),
            alternate));
  }

  int count() {
    return addresses.size();
  }

  boolean hasAlternate() {
    return count() == 4;
  }

  TransportAddress at(int corner) {
    return addresses.get(corner);
  }

  /** What answers the requests that arrive at {@code corner} over {@code transport}. */
  BindingResponder responder(int corner, Transport transport) {
    Optional<TransportAddress> other =
        hasAlternate() ? Optional.of(at(corner ^ OPPOSITE)) : Optional.empty();
    return new BindingResponder(
        new BindingService(
            at(corner), other, transport, Optional.empty(), BindingService.ETHERNET_MTU));
  }
}

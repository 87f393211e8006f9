package dev.culvert.cli.node;

import dev.culvert.cli.Fault;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.transport.server.StunListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes listeners of what the command line says, or tells why it makes no sense. */
final class Listeners {
  static final int STUN_PORT = 3478;
  static final int ALTERNATE_PORT = 3479;
  static final int STUNS_PORT = 5349;

  private final List<StunListener> made = new ArrayList<>();

  private Listeners() {}

  /**
   * The listeners.
   *
   * @param plain for UDP and TCP
   * @param alternates second addresses, each for the one of {@code plain} of its IP version
   * @param tls for TLS
   * @param dtls for DTLS
   */
  static List<StunListener> of(
      List<TransportAddress> plain,
      List<TransportAddress> alternates,
      List<TransportAddress> tls,
      List<TransportAddress> dtls) {
    Listeners listeners = new Listeners();
    for (TransportAddress address : plain) {
      listeners.add(withAlternate(address, plain, alternates), "--listen " + address);
    }
    for (TransportAddress alternate : alternates) {
      if (plain.stream().noneMatch(address -> address.isIpv4() == alternate.isIpv4())) {
        throw Fault.usage(
            "--alternate " + alternate + " has no --listen of its IP version",
            "name the first address too, as in --listen A --alternate B");
      }
    }
    tls.forEach(address -> listeners.add(StunListener.tls(address), "--tls-listen " + address));
    dtls.forEach(address -> listeners.add(StunListener.dtls(address), "--dtls-listen " + address));
    return listeners.made;
  }

  private static StunListener withAlternate(
      TransportAddress address, List<TransportAddress> plain, List<TransportAddress> alternates) {
    List<TransportAddress> fitting = ofFamily(address, alternates);
    if (fitting.isEmpty()) {
      return StunListener.plain(address);
    }
    if (fitting.size() > 1 || ofFamily(address, plain).size() > 1) {
      String version = address.isIpv4() ? "IPv4" : "IPv6";
      throw Fault.usage(
          "which --listen has which --alternate is not clear for " + version,
          "give one of each per IP version, and run another node for further addresses");
    }
    try {
      return StunListener.withAlternate(address, fitting.get(0));
    } catch (IllegalArgumentException e) {
      throw Fault.usage(
          "--alternate " + fitting.get(0) + ": " + e.getMessage(),
          "name a second address of this machine and a second port, as in"
              + " --listen 192.0.2.1:3478 --alternate 192.0.2.2:3479");
    }
  }

  private static List<TransportAddress> ofFamily(
      TransportAddress address, List<TransportAddress> all) {
    return all.stream().filter(other -> other.isIpv4() == address.isIpv4()).toList();
  }

  private void add(StunListener listener, String option) {
    List<StunListener> rivals =
        made.stream().filter(other -> shareProtocol(listener, other)).toList();
    for (StunListener other : rivals) {
      for (TransportAddress ours : sockets(listener)) {
        Optional<TransportAddress> clash =
            sockets(other).stream().filter(theirs -> overlap(ours, theirs)).findFirst();
        if (clash.isPresent()) {
          throw Fault.usage(
              option + " takes " + ours + ", which " + clash.get() + " has already",
              "leave one of them out, or give it another port");
        }
      }
    }
    made.add(listener);
  }

  /** TCP and UDP ports are different things. */
  private static boolean shareProtocol(StunListener one, StunListener other) {
    return (isOver(one, true) && isOver(other, true))
        || (isOver(one, false) && isOver(other, false));
  }

  private static boolean isOver(StunListener listener, boolean stream) {
    return listener.transports().stream().anyMatch(transport -> transport.isStream() == stream);
  }

  private static List<TransportAddress> sockets(StunListener listener) {
    TransportAddress address = listener.address();
    if (listener.alternate().isEmpty()) {
      return List.of(address);
    }
    TransportAddress other = listener.alternate().get();
    return List.of(address, address.withPort(other.port()), other.withPort(address.port()), other);
  }

  private static boolean overlap(TransportAddress one, TransportAddress other) {
    boolean sameHost =
        one.ip().equals(other.ip())
            || (one.isIpv4() == other.isIpv4()
                && (one.ip().isAnyLocalAddress() || other.ip().isAnyLocalAddress()));
    return sameHost && one.port() == other.port() && one.port() != 0;
  }
}

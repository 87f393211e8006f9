package dev.culvert.cli.node;

import dev.culvert.cli.Fault;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.transport.server.StunListener;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a node listens.
 *
 * @param all of it
 * @param tls where it speaks TLS
 * @param dtls where it speaks DTLS
 */
record NodeListeners(
    List<StunListener> all, List<TransportAddress> tls, List<TransportAddress> dtls) {
  /** Nowhere. */
  static final NodeListeners NONE = new NodeListeners(List.of(), List.of(), List.of());

  /** What the options say; without any, STUN's port on all addresses. */
  static NodeListeners of(NodeOptions options, List<InetAddress> machine) {
    List<TransportAddress> plain = addresses("--listen", options.listen, Listeners.STUN_PORT);
    List<TransportAddress> second =
        addresses("--alternate", options.alternate, Listeners.ALTERNATE_PORT);
    if (plain.isEmpty() && !second.isEmpty()) {
      throw Fault.usage(
          "--alternate without --listen", "name the first address too: --listen A --alternate B");
    }
    List<TransportAddress> tls = addresses("--tls-listen", options.tlsListen, Listeners.STUNS_PORT);
    List<TransportAddress> dtls =
        addresses("--dtls-listen", options.dtlsListen, Listeners.STUNS_PORT);
    return new NodeListeners(
        Listeners.of(plain.isEmpty() ? everywhere(machine) : plain, second, tls, dtls), tls, dtls);
  }

  private static List<TransportAddress> addresses(String option, List<String> texts, int port) {
    return texts.stream().map(text -> ListenAddress.parse(option, text, port)).toList();
  }

  private static List<TransportAddress> everywhere(List<InetAddress> machine) {
    List<TransportAddress> all = new ArrayList<>();
    all.add(wildcard("0.0.0.0"));
    if (machine.stream().anyMatch(ip -> ip instanceof Inet6Address)) {
      all.add(wildcard("::"));
    }
    return all;
  }

  private static TransportAddress wildcard(String text) {
    return new TransportAddress(IpLiterals.parse(text).orElseThrow(), Listeners.STUN_PORT);
  }
}

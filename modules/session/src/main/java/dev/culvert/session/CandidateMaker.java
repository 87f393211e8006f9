package dev.culvert.session;

import dev.culvert.ice.Base;
import dev.culvert.ice.Candidate;
import dev.culvert.ice.CandidateAddress;
import dev.culvert.ice.CandidateType;
import dev.culvert.ice.ComponentId;
import dev.culvert.ice.Priorities;
import dev.culvert.ice.TcpType;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Gives candidates their foundation and priority (RFC 8445 §5.1.1.3, §5.1.2; RFC 8421). */
final class CandidateMaker {
  /** What RFC 6544 §4.2 leaves beside the direction. */
  private static final int MOST_OTHER_PREFERENCE = 8191;

  private List<String> relays;
  private final Map<InetAddress, Integer> order = new HashMap<>();
  private final Map<List<Object>, String> foundations = new HashMap<>();

  /**
   * Nothing made yet.
   *
   * @param relays their names, the preferred one first
   */
  CandidateMaker(List<String> relays) {
    this.relays = relays;
  }

  /** The names of relays, the preferred one first. */
  void relays(List<String> names) {
    relays = List.copyOf(names);
  }

  /** The addresses of this host, the preferred one first. */
  void prefer(List<LocalAddress> addresses) {
    boolean[] ipv6 = new boolean[addresses.size()];
    for (int i = 0; i < ipv6.length; i++) {
      ipv6[i] = addresses.get(i).ip().getAddress().length > 4;
    }
    int[] preferences = Priorities.localPreferences(ipv6);
    for (int i = 0; i < ipv6.length; i++) {
      order.put(addresses.get(i).ip(), Priorities.ONLY_ADDRESS - preferences[i]);
    }
  }

  /**
   * A candidate for UDP.
   *
   * @param server the name of whoever showed it; empty for a host candidate
   */
  Candidate udp(CandidateType type, Base base, TransportAddress address, String server) {
    int rank =
        type == CandidateType.RELAYED
            ? Math.max(0, relays.indexOf(server))
            : order.getOrDefault(base.address().ip(), Priorities.ONLY_ADDRESS);
    boolean isOwn = type == CandidateType.HOST || type == CandidateType.RELAYED;
    return new Candidate(
        foundation(type, base.address().ip(), server, Transport.UDP),
        ComponentId.ONLY,
        Transport.UDP,
        Priorities.of(type, Priorities.ONLY_ADDRESS - rank, ComponentId.ONLY.component()),
        new CandidateAddress.Ip(address),
        type,
        isOwn ? Optional.empty() : Optional.of(base.address()),
        Optional.empty());
  }

  /** A host candidate for TCP (RFC 6544 §5.1). */
  Candidate tcp(TcpType tcpType, Base base) {
    int rank = Math.min(MOST_OTHER_PREFERENCE, order.getOrDefault(base.address().ip(), 0));
    return new Candidate(
        foundation(CandidateType.HOST, base.address().ip(), tcpType.word(), Transport.TCP),
        ComponentId.ONLY,
        Transport.TCP,
        Priorities.of(
            CandidateType.HOST,
            tcpType,
            MOST_OTHER_PREFERENCE - rank,
            ComponentId.ONLY.component()),
        new CandidateAddress.Ip(base.address()),
        CandidateType.HOST,
        Optional.empty(),
        Optional.of(tcpType));
  }

  /**
   * The same for candidates of one type, from one address, seen by one server, of one transport.
   */
  private String foundation(
      CandidateType type, InetAddress base, String server, Transport transport) {
    return foundations.computeIfAbsent(
        List.of(type, base, server, transport), key -> Integer.toString(foundations.size() + 1));
  }
}

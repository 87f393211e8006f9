package dev.culvert.rendezvous;

import dev.culvert.identity.PeerId;
import dev.culvert.sansio.Answer;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.LocalService;
import dev.culvert.sansio.Question;
import java.net.Inet6Address;
import java.util.List;
import java.util.Optional;

/**
 * Nodes on the local network, as multicast DNS tells of them (RFC 6763): {@code _culvert._tcp},
 * with the node's {@code id}, and the {@code path} of its URL. They are reached over TLS alone and
 * have to prove their id, so whoever claims to be another's node is found out.
 */
public final class LocalNodes {
  /** The kind of service. */
  public static final String TYPE = "_culvert._tcp";

  private static final String ID = "id";
  private static final String PATH = "path";

  private LocalNodes() {}

  /** What to ask for. */
  public static Question.LocalServices question() {
    return new Question.LocalServices(TYPE);
  }

  /**
   * What a node announces.
   *
   * @param port where it serves WebSockets over TLS
   * @param path at which, at least {@code /}, at most 200 characters
   */
  public static LocalService announcement(PeerId node, int port, String path) {
    return new LocalService(
        TYPE, node.toString(), port, List.of(ID + "=" + node, PATH + "=" + path));
  }

  /** The nodes in an answer; what is none is left out. */
  public static List<KnownNode> of(Answer answer) {
    return answer instanceof Answer.LocalServices services
        ? services.found().stream().map(LocalNodes::node).flatMap(Optional::stream).toList()
        : List.of();
  }

  private static Optional<KnownNode> node(Answer.Found found) {
    LocalService service = found.service();
    Optional<PeerId> id = service.value(ID).flatMap(PeerId::read).filter(PeerId::isGood);
    String path = service.value(PATH).filter(text -> text.startsWith("/")).orElse("/");
    List<NodeUrl> urls =
        found.ips().stream()
            // Without its zone, which no URL has, such an address leads nowhere.
            .filter(ip -> !(ip instanceof Inet6Address && ip.isLinkLocalAddress()))
            .map(ip -> IpLiterals.format(ip, true) + ":" + service.port() + path)
            .map(place -> NodeUrl.parse("wss://" + place))
            .flatMap(Optional::stream)
            .limit(4)
            .toList();
    return id.isEmpty() || urls.isEmpty()
        ? Optional.empty()
        : Optional.of(new KnownNode(id, urls, NodeSource.LOCAL));
  }
}

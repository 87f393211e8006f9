package dev.culvert.session.meet;

import dev.culvert.identity.PeerId;
import dev.culvert.identity.SpkiPin;
import dev.culvert.rendezvous.client.NodeOffer;
import dev.culvert.rendezvous.wire.Frame;
import dev.culvert.sansio.Answer;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Question;
import dev.culvert.sansio.ServerIdentity;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.session.NamedServer;
import dev.culvert.session.Relay;
import dev.culvert.stun.LongTermCredential;
import dev.culvert.stun.StunUri;
import dev.culvert.turn.client.TurnClientConfig;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.stream.Stream;

/** The STUN servers and relays that the nodes offer to which a peer is attached. */
final class NodeServers {
  private static final int MOST_OF_A_NODE = 6;
  private static final int MOST_ASKED = 32;

  private final long firstId;
  private final Map<PeerId, NodeOffer> offers = new LinkedHashMap<>();
  private final Map<String, List<InetAddress>> hosts = new HashMap<>();
  private final Map<Long, String> asked = new HashMap<>();
  private final Queue<Output> outputs = new ArrayDeque<>();
  private long nextId;
  private long skipped;

  NodeServers(long firstId) {
    this.firstId = firstId;
    this.nextId = firstId;
  }

  boolean owns(long id) {
    return id >= firstId;
  }

  void attached(NodeOffer offer) {
    offers.put(offer.node(), offer);
    skipped += Math.min(MOST_OF_A_NODE, offer.relays().size()) - turn(offer).size();
    stun(offer).forEach(this::look);
    turn(offer).keySet().forEach(this::look);
  }

  void detached(PeerId node) {
    offers.remove(node);
    hosts
        .keySet()
        .retainAll(
            offers.values().stream()
                .flatMap(its -> Stream.concat(stun(its).stream(), turn(its).keySet().stream()))
                .map(StunUri::host)
                .toList());
  }

  /** Relays that nodes offered and nobody could use. */
  long skipped() {
    return skipped;
  }

  private static List<StunUri> stun(NodeOffer offer) {
    return offer.stun().stream()
        .limit(MOST_OF_A_NODE)
        .flatMap(text -> uri("stun:" + text).stream())
        .toList();
  }

  private static Map<StunUri, Frame.RelayOffer> turn(NodeOffer offer) {
    Map<StunUri, Frame.RelayOffer> all = new LinkedHashMap<>();
    offer.relays().stream()
        .limit(MOST_OF_A_NODE)
        .filter(relay -> credential(relay).isPresent())
        .forEach(
            relay ->
                uri(relay.uri())
                    .filter(its -> its.scheme().isRelay() && its.transport() != Transport.DTLS)
                    .ifPresent(its -> all.put(its, relay)));
    return all;
  }

  /** What a node says may be anything. */
  private static Optional<StunUri> uri(String text) {
    try {
      return Optional.of(StunUri.parse(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<LongTermCredential> credential(Frame.RelayOffer offer) {
    try {
      return Optional.of(new LongTermCredential(offer.user(), offer.password()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private void look(StunUri uri) {
    Optional<InetAddress> literal = IpLiterals.parse(uri.host());
    if (literal.isPresent()) {
      hosts.put(uri.host(), List.of(literal.get()));
    } else if (!asked.containsValue(uri.host()) && asked.size() < MOST_ASKED) {
      long id = nextId++;
      asked.put(id, uri.host());
      outputs.add(new Output.Ask(id, new Question.Addresses(uri.host())));
    }
  }

  /** Takes the answer to a question of its own. */
  void accept(Input.Answered answered) {
    String host = asked.remove(answered.id());
    if (host != null && answered.answer() instanceof Answer.Addresses addresses) {
      hosts.put(host, addresses.ips());
    }
  }

  Optional<Output> pollOutput() {
    return Optional.ofNullable(outputs.poll());
  }

  /** This host and its links are none of the business of a node that is elsewhere. */
  private static boolean mayBeAt(InetAddress ip, NodeOffer offer) {
    if (ip.isAnyLocalAddress() || ip.isMulticastAddress()) {
      return false;
    }
    String host = offer.url().host();
    Optional<InetAddress> node = IpLiterals.parse(host);
    return ip.isLoopbackAddress()
        ? host.equals("localhost") || node.filter(InetAddress::isLoopbackAddress).isPresent()
        : !ip.isLinkLocalAddress() || node.filter(InetAddress::isLinkLocalAddress).isPresent();
  }

  private List<TransportAddress> addresses(StunUri uri, NodeOffer offer) {
    int port = uri.port().orElse(uri.scheme().defaultPort());
    List<InetAddress> all = hosts.getOrDefault(uri.host(), List.of());
    List<TransportAddress> some = new ArrayList<>();
    for (boolean ipv4 : new boolean[] {true, false}) {
      all.stream()
          .filter(ip -> (ip instanceof Inet4Address) == ipv4 && mayBeAt(ip, offer))
          .findFirst()
          .ifPresent(ip -> some.add(new TransportAddress(ip, port)));
    }
    return some;
  }

  /** Those whose addresses are known. */
  List<NamedServer> servers() {
    List<NamedServer> all = new ArrayList<>();
    for (NodeOffer offer : offers.values()) {
      for (StunUri uri : stun(offer)) {
        addresses(uri, offer).forEach(its -> all.add(new NamedServer(uri + " " + its, its)));
      }
    }
    return all;
  }

  /** Those whose addresses are known. */
  List<Relay> relays() {
    List<Relay> all = new ArrayList<>();
    for (NodeOffer offer : offers.values()) {
      turn(offer)
          .forEach(
              (uri, credential) ->
                  addresses(uri, offer)
                      .forEach(
                          its ->
                              all.add(
                                  new Relay(
                                      uri + " " + its,
                                      config(uri, its, credential, offer.node())))));
    }
    return all;
  }

  private static TurnClientConfig config(
      StunUri uri, TransportAddress address, Frame.RelayOffer offer, PeerId node) {
    LongTermCredential credential = new LongTermCredential(offer.user(), offer.password());
    if (!uri.transport().isSecure()) {
      return TurnClientConfig.of(address, uri.transport(), credential);
    }
    ServerIdentity identity =
        new ServerIdentity.HostNameOrKey(
            new ServerIdentity.HostName(uri.host()),
            new ServerIdentity.PinnedKey(SpkiPin.of(node).sha256()));
    return TurnClientConfig.secure(address, uri.transport(), identity, credential);
  }
}

package dev.culvert.peer;

import dev.culvert.identity.CertifiedKey;
import dev.culvert.identity.PeerCertificates;
import dev.culvert.identity.PeerKey;
import dev.culvert.identity.Signed;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.NodeRecord;
import dev.culvert.rendezvous.NodeSource;
import dev.culvert.rendezvous.NodeUrl;
import dev.culvert.rendezvous.node.NodeConfig;
import dev.culvert.rendezvous.node.NodeCounts;
import dev.culvert.rendezvous.node.NodeEvent;
import dev.culvert.rendezvous.node.RendezvousNode;
import dev.culvert.rendezvous.wire.FrameText;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.transport.MachineDriver;
import dev.culvert.transport.NetworkRuntime;
import dev.culvert.transport.http.WebSocketTerms;
import dev.culvert.transport.server.ListenException;
import dev.culvert.transport.server.StunListener;
import dev.culvert.transport.server.StunServer;
import dev.culvert.transport.server.StunServerConfig;
import dev.culvert.transport.server.TlsIdentity;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** A peer's node, and its relay if it has one, while it serves others. Safe for any thread. */
public final class Serving implements AutoCloseable {
  /** Longer than nodes take to tell everybody again. */
  private static final Duration VALIDITY = Duration.ofHours(2);

  private static final Duration CERTIFICATE = Duration.ofDays(365);
  private static final int SECRET = 32;
  private static final int MOST_NEIGHBOURS = 16;

  private final PeerKey key;
  private final InstantSource clock;
  private final RendezvousNode node;
  private final MachineDriver<NodeEvent> driver;
  private final StunServer server;
  private final List<String> urls;
  private final Runnable whenClosed;

  Serving(
      NetworkRuntime runtime,
      PeerKey key,
      ServeConfig config,
      List<KnownNode> neighbours,
      Runnable whenClosed)
      throws ListenException {
    this.key = key;
    this.clock = InstantSource.system();
    this.whenClosed = whenClosed;
    SecureRandom random = new SecureRandom();
    Optional<OwnRelay> relay =
        config.relay() ? Optional.of(new OwnRelay(config, clock, random)) : Optional.empty();
    // With a port that the system chooses nobody knows by which name peers will come.
    List<String> names =
        (config.urls().isEmpty() && config.listen().port() != 0
                ? List.of(url(config.listen()))
                : config.urls())
            .stream().map(Serving::asPeersSayIt).toList();
    NodeConfig plain =
        NodeConfig.standard()
            .at(names)
            .withNeighbours(trusted(neighbours))
            .withLimits(config.limits());
    byte[] secret = new byte[SECRET];
    random.nextBytes(secret);
    this.node =
        new RendezvousNode(
            relay.map(plain::offering).orElse(plain), key, Bytes.wrap(secret), random, clock);
    this.driver = runtime.drive(node, event -> {});
    WebSocketTerms terms =
        WebSocketTerms.of(Set.of("/", "/rdv"), FrameText.SUBPROTOCOL)
            .withConnections(config.limits().connections());
    Instant now = clock.instant();
    CertifiedKey certificate =
        PeerCertificates.selfMade(
            key, now.minus(Duration.ofDays(1)), now.plus(CERTIFICATE), random);
    StunServerConfig listeners =
        StunServerConfig.of(
                List.of(StunListener.tls(config.listen()), StunListener.plain(config.stun())),
                Optional.of(new TlsIdentity(certificate.privateKey(), certificate.chain())))
            .withThreads(1)
            .withWebSockets(driver.webSockets(terms));
    try {
      server =
          StunServer.start(relay.map(its -> listeners.withRelay(its.service())).orElse(listeners));
    } catch (ListenException e) {
      driver.close();
      throw e;
    }
    this.urls = names.isEmpty() ? List.of(url(server.addresses(Transport.TLS).get(0))) : names;
    String stun =
        hostAndPort(config.outside().orElseGet(() -> server.addresses(Transport.UDP).get(0)));
    relay.ifPresent(its -> its.at(stun));
    driver.execute(at -> node.announceStun(List.of(stun)));
  }

  /** What anybody could have made this peer believe is not trusted more than others are. */
  static List<KnownNode> trusted(List<KnownNode> known) {
    return known.stream()
        .filter(each -> each.source() != NodeSource.TOLD && each.source() != NodeSource.LOCAL)
        .limit(MOST_NEIGHBOURS)
        .toList();
  }

  /** Peers leave out the usual port, and the name that they come by has to be one of ours. */
  private static String asPeersSayIt(String url) {
    return NodeUrl.parse(url).map(NodeUrl::toString).orElse(url);
  }

  private static String url(TransportAddress address) {
    return "wss://" + hostAndPort(address) + "/";
  }

  private static String hostAndPort(TransportAddress address) {
    String host = IpLiterals.format(address.ip(), true);
    return host + ":" + address.port();
  }

  /** Where others reach it. */
  public List<String> urls() {
    return urls;
  }

  /** What others need to know to join through it. */
  public KnownNode known() {
    return KnownNode.of(
        new NodeRecord(key.id(), urls, clock.instant().plus(VALIDITY)), NodeSource.LOCAL);
  }

  /** Where it takes WebSockets. */
  TransportAddress address() {
    return server.addresses(Transport.TLS).get(0);
  }

  /** What it says of itself, valid for two hours. */
  Signed record() {
    return new NodeRecord(key.id(), urls, clock.instant().plus(VALIDITY)).sign(key);
  }

  /** What it has done and has; an {@link IllegalStateException} once it is closed. */
  public CompletableFuture<NodeCounts> counts() {
    CompletableFuture<NodeCounts> counts = new CompletableFuture<>();
    driver.execute(
        now -> counts.complete(node.counts()),
        () -> counts.completeExceptionally(new IllegalStateException("it serves nobody any more")));
    return counts;
  }

  /** Serves nobody any more. Harmless when repeated; not to be called on an event loop. */
  @Override
  public void close() {
    whenClosed.run();
    driver.close();
    server.close();
  }
}

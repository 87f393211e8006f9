package dev.culvert.cli.node.rendezvous;

import dev.culvert.cli.Console;
import dev.culvert.cli.ExitCode;
import dev.culvert.cli.Fault;
import dev.culvert.identity.PeerId;
import dev.culvert.identity.PeerKey;
import dev.culvert.identity.Signed;
import dev.culvert.rendezvous.NodeUrl;
import dev.culvert.rendezvous.node.LocalAnnouncement;
import dev.culvert.rendezvous.node.NodeConfig;
import dev.culvert.rendezvous.node.NodeCounts;
import dev.culvert.rendezvous.node.NodeEvent;
import dev.culvert.rendezvous.node.RendezvousNode;
import dev.culvert.rendezvous.wire.FrameText;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.transport.Listen;
import dev.culvert.transport.Listening;
import dev.culvert.transport.MachineDriver;
import dev.culvert.transport.NetworkRuntime;
import dev.culvert.transport.http.WebSocketService;
import dev.culvert.transport.http.WebSocketTerms;
import dev.culvert.transport.server.StunServer;
import dev.culvert.turn.server.RelayAddress;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** The running rendezvous of a node. Safe for every thread but its own. */
public final class Rendezvous implements AutoCloseable {
  private static final String LOCAL_PATH = "/rdv";
  private static final Set<String> PATHS = Set.of("/", LOCAL_PATH);
  private static final Duration POLL = Duration.ofMillis(20);

  private final RendezvousPlan plan;
  private final Optional<PeerRelays> relays;
  private final NetworkRuntime runtime;
  private final RendezvousNode node;
  private final MachineDriver<NodeEvent> driver;
  private final WebSocketTerms terms;
  private Optional<TransportAddress> behindProxy = Optional.empty();

  private Rendezvous(RendezvousPlan plan, Optional<PeerRelays> relays) {
    this.plan = plan;
    this.relays = relays;
    SecureRandom random = new SecureRandom();
    PeerKey key = plan.identity().key();
    NodeConfig config =
        NodeConfig.standard()
            .at(plan.urls().stream().map(NodeUrl::toString).toList())
            .withNeighbours(plan.neighbours())
            .withLimits(plan.limits());
    node =
        new RendezvousNode(
            relays.map(config::offering).orElse(config),
            key,
            tokenSecret(key),
            random,
            InstantSource.system());
    terms =
        WebSocketTerms.of(paths(plan), FrameText.SUBPROTOCOL)
            .withConnections(plan.limits().connections());
    runtime = NetworkRuntime.builder().threads(1).build();
    driver = runtime.drive(node, event -> {});
  }

  /**
   * A rendezvous that nobody comes to yet; its key is kept from now on.
   *
   * @param relays what peers are offered; empty: no relay
   * @throws Fault if the key cannot be kept
   */
  public static Rendezvous open(RendezvousPlan plan, Optional<PeerRelays> relays, Console console) {
    plan.identity().keep(console);
    return new Rendezvous(plan, relays);
  }

  /** Where the URLs lead to, and where anybody may look. */
  private static Set<String> paths(RendezvousPlan plan) {
    Set<String> paths = new LinkedHashSet<>(PATHS);
    plan.urls().forEach(url -> paths.add(url.path()));
    return paths;
  }

  /** The same after a restart, and as hard to guess as the key itself. */
  private static Bytes tokenSecret(PeerKey key) {
    try {
      Signed signed = Signed.by(key, "culvert-node-token-secret", Bytes.utf8(""));
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return Bytes.wrap(digest.digest(signed.signature().toByteArray()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }

  /** What takes the connections of those who ask for a WebSocket. */
  public WebSocketService service() {
    return driver.webSockets(terms);
  }

  /**
   * Tells peers from now on where STUN and the relay are, and lets a proxy's peers in if asked to.
   *
   * @param server the running one
   * @param relayed what it relays on
   * @throws Fault if it cannot listen
   */
  public void begin(StunServer server, List<RelayAddress> relayed, Console console) {
    Whereabouts whereabouts = new Whereabouts(plan.announcedHost(), relayed);
    List<String> stun = whereabouts.stun(server);
    if (stun.isEmpty()) {
      console.tell(
          "warning: peers are not told where STUN is answered; --announced-host tells them");
    }
    relays.ifPresent(offers -> offers.at(whereabouts.turn(server)));
    driver.execute(now -> node.announceStun(stun));
    behindProxy = plan.behindProxy().map(this::listen);
    if (plan.local()) {
      announce(server.addresses(Transport.TLS), console);
    }
  }

  private void announce(List<TransportAddress> listened, Console console) {
    List<TransportAddress> places = LocalPlaces.of(listened);
    if (places.isEmpty()) {
      console.tell(
          "warning: --rendezvous-local finds no address of --tls-listen on a local network");
      return;
    }
    List<String> urls =
        places.stream()
            .map(place -> new NodeUrl(true, literal(place), place.port(), LOCAL_PATH).toString())
            .toList();
    driver.execute(now -> node.alsoAt(urls));
    runtime.drive(new LocalAnnouncement(id(), places, LOCAL_PATH), console::say);
  }

  private static String literal(TransportAddress place) {
    return IpLiterals.format(place.ip(), false);
  }

  private TransportAddress listen(TransportAddress address) {
    try {
      Listening listening = driver.listen(Listen.webSocketInClear(address, terms)).join();
      return listening.local();
    } catch (CompletionException e) {
      throw new Fault(
          ExitCode.USAGE,
          "--rendezvous-behind-proxy " + address + " cannot be listened on",
          "name another port of the loopback");
    }
  }

  /** Who the node is. */
  public PeerId id() {
    return plan.id();
  }

  /** Where it is found, as its owner says. */
  public List<NodeUrl> urls() {
    return plan.urls();
  }

  /** Where it lets a proxy's peers in; empty: nowhere. */
  public Optional<TransportAddress> behindProxy() {
    return behindProxy;
  }

  /** What it has done and has; completes exceptionally once it is closed. */
  public CompletableFuture<NodeCounts> counts() {
    CompletableFuture<NodeCounts> counts = new CompletableFuture<>();
    driver.execute(now -> counts.complete(node.counts()));
    return counts;
  }

  /**
   * Sends all peers elsewhere, and lets nobody in any more. Returns at once. Where there is no time
   * to go elsewhere they are told nothing, since they keep away for a while from whoever sent them.
   */
  public void drain(Duration within) {
    if (within.isZero()) {
      return;
    }
    List<String> elsewhere =
        plan.neighbours().stream().map(other -> other.urls().get(0).toString()).toList();
    driver.execute(now -> node.drain(elsewhere, within, now));
  }

  /** Waits until all peers are gone, for a while at most. */
  public void awaitLeave(Duration within) {
    long end = System.nanoTime() + within.toNanos();
    try {
      while (System.nanoTime() < end
          && counts().get(within.toMillis() + 1, TimeUnit.MILLISECONDS).connections() > 0) {
        TimeUnit.MILLISECONDS.sleep(POLL.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
      // Then there is nobody to wait for.
      return;
    }
  }

  @Override
  public void close() {
    driver.close();
    runtime.close();
  }
}

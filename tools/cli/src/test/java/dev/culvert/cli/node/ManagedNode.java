package dev.culvert.cli.node;

import dev.culvert.cli.node.manage.Management;
import dev.culvert.cli.node.manage.ManagementPlan;
import dev.culvert.cli.node.manage.NodeFacts;
import dev.culvert.identity.PeerId;
import dev.culvert.identity.PeerKey;
import dev.culvert.rendezvous.node.NodeCounts;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.LongTermServer;
import dev.culvert.stun.Method;
import dev.culvert.stun.attribute.RequestedTransport;
import dev.culvert.transport.server.RelayService;
import dev.culvert.transport.server.StunListener;
import dev.culvert.transport.server.StunServer;
import dev.culvert.transport.server.StunServerConfig;
import dev.culvert.turn.auth.RelayRealm;
import dev.culvert.turn.auth.StatelessNonces;
import dev.culvert.turn.auth.StaticUser;
import dev.culvert.turn.auth.StaticUsers;
import dev.culvert.turn.server.IpPrefix;
import dev.culvert.turn.server.PeerPolicy;
import dev.culvert.turn.server.PortRange;
import dev.culvert.turn.server.RelayAddress;
import dev.culvert.turn.server.RelayResources;
import dev.culvert.turn.server.TurnLimits;
import dev.culvert.turn.server.TurnServerConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** A relay in this process with a management address, both on the loopback. */
final class ManagedNode implements AutoCloseable {
  static final String NASTY_REALM = "<b>&'realm'</b>";

  static final PeerId NODE_ID = PeerKey.generate(new Random(5)).id();
  static final NodeCounts COUNTS = new NodeCounts(12, 11, 10, 9, 8, 7, 6, 5, 4);

  private static final TransportAddress ANY_PORT =
      new TransportAddress(IpLiterals.parse("127.0.0.1").orElseThrow(), 0);

  // Tests run at once, and should not all ask for the same ports.
  private static final AtomicInteger SEED = new AtomicInteger(40);

  final StunServer server;
  final Management management;
  final Optional<Path> tokenFile;
  private final HttpClient http = HttpClient.newHttpClient();

  ManagedNode(Optional<Path> tokenFile) throws IOException {
    this(tokenFile, nonces -> nonces, 5_000);
  }

  ManagedNode(
      Optional<Path> tokenFile, UnaryOperator<LongTermServer.Nonces> nonces, int allocations)
      throws IOException {
    this.tokenFile = tokenFile;
    TurnLimits limits = new TurnLimits(allocations, 0, 0, 10, 2, 0, 0);
    Duration lifetime = Duration.ofMinutes(10);
    TurnServerConfig config =
        new TurnServerConfig(
            PeerPolicy.standard().allowing(IpPrefix.parse("127.0.0.0/8").orElseThrow()),
            limits,
            lifetime,
            lifetime,
            false,
            true,
            List.of());
    RelayResources resources =
        new RelayResources(
            List.of(RelayAddress.of(ANY_PORT.ip())),
            new PortRange(10_000, 19_999),
            limits,
            new Random(SEED.getAndIncrement()));
    StaticUsers users =
        new StaticUsers(
            new RelayRealm("realm"),
            List.of(
                StaticUser.withPassword("alice", "secret"),
                StaticUser.withPassword("bob <b>", "other")));
    RelayService service =
        new RelayService(
            config,
            resources,
            users,
            nonces.apply(
                new StatelessNonces(
                    Bytes.wrap(new byte[32]), InstantSource.system(), Duration.ofHours(1))));
    server =
        StunServer.start(
            StunServerConfig.of(List.of(StunListener.plain(ANY_PORT)))
                .withThreads(2)
                .withRelay(service));
    try {
      management =
          Management.open(
              new ManagementPlan(ANY_PORT, Set.of("node.example"), tokenFile),
              new NodeFacts(
                  server,
                  Optional.of(new NodeFacts.RelayFacts(NASTY_REALM, resources)),
                  Optional.of(
                      new NodeFacts.RendezvousFacts(
                          NODE_ID, () -> CompletableFuture.completedFuture(COUNTS))),
                  Optional::empty,
                  "1.2.3",
                  InstantSource.system()));
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  int port() {
    return server.addresses(Transport.UDP).get(0).port();
  }

  /** A client with an allocation. */
  RelayProcessClient allocate(String user, String password) throws IOException {
    RelayProcessClient client = new RelayProcessClient(port(), user, password);
    client.ask(Method.ALLOCATE, new RequestedTransport(RequestedTransport.UDP));
    return client;
  }

  String token() throws IOException {
    return Files.readString(tokenFile.orElseThrow()).strip();
  }

  HttpResponse<String> get(String path, String... headers) throws Exception {
    return send("GET", path, headers);
  }

  HttpResponse<String> send(String method, String path, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://" + management.address() + path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .timeout(Duration.ofSeconds(30));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Override
  public void close() {
    management.close();
    server.close();
  }
}

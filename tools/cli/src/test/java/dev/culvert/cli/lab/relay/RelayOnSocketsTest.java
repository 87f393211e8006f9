package dev.culvert.cli.lab.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.identity.CertificateSpec;
import dev.culvert.identity.Certificates;
import dev.culvert.identity.CertifiedKey;
import dev.culvert.identity.Keys;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.ServerIdentity;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.LongTermCredential;
import dev.culvert.transport.MachineDriver;
import dev.culvert.transport.NetworkRuntime;
import dev.culvert.transport.server.RelayService;
import dev.culvert.transport.server.StunListener;
import dev.culvert.transport.server.StunServer;
import dev.culvert.transport.server.StunServerConfig;
import dev.culvert.transport.server.TlsIdentity;
import dev.culvert.turn.auth.RelayRealm;
import dev.culvert.turn.auth.StatelessNonces;
import dev.culvert.turn.auth.StaticUser;
import dev.culvert.turn.auth.StaticUsers;
import dev.culvert.turn.client.TurnClientConfig;
import dev.culvert.turn.server.PortRange;
import dev.culvert.turn.server.RelayAddress;
import dev.culvert.turn.server.RelayResources;
import dev.culvert.turn.server.TurnLimits;
import dev.culvert.turn.server.TurnServerConfig;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The same two sides over real sockets to a real relay, which relays to its own clients alone. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RelayOnSocketsTest {
  private static final InetAddress LOOPBACK = IpLiterals.parse("127.0.0.1").orElseThrow();
  private static final TransportAddress ANY_PORT = new TransportAddress(LOOPBACK, 0);
  private static final LongTermCredential USER = new LongTermCredential("user", "secret");
  private static final int PATIENCE_SECONDS = 60;

  private final SecureRandom random = new SecureRandom();
  private final CertifiedKey own =
      Certificates.selfMade(
          Keys.generateP256(random),
          new CertificateSpec(
              List.of(),
              List.of(LOOPBACK),
              Instant.now().minus(Duration.ofHours(1)),
              Instant.now().plus(Duration.ofHours(1)),
              false),
          random);
  private Optional<StunServer> server = Optional.empty();

  @BeforeAll
  void begin() throws Exception {
    RelayResources resources =
        new RelayResources(
            List.of(RelayAddress.of(LOOPBACK)),
            new PortRange(30_000, 32_000),
            TurnLimits.STANDARD,
            random);
    RelayService relay =
        new RelayService(
            TurnServerConfig.standard(),
            resources,
            new StaticUsers(
                new RelayRealm("example.org"), List.of(StaticUser.withPassword("user", "secret"))),
            new StatelessNonces(
                Bytes.utf8("sixteen bytes or more"), InstantSource.system(), Duration.ofHours(1)));
    server =
        Optional.of(
            StunServer.start(
                StunServerConfig.of(
                        List.of(
                            StunListener.plain(ANY_PORT),
                            StunListener.tls(ANY_PORT),
                            StunListener.dtls(ANY_PORT)),
                        Optional.of(new TlsIdentity(own.privateKey(), own.chain())))
                    .withThreads(2)
                    .withRelay(relay)));
  }

  @AfterAll
  void end() {
    server.ifPresent(StunServer::close);
  }

  /** A side with its driver, and what it told. */
  private final class Side implements AutoCloseable {
    final CompletableFuture<RelayDescription> description = new CompletableFuture<>();
    final CompletableFuture<RelayResult> result = new CompletableFuture<>();
    final CompletableFuture<Boolean> closed = new CompletableFuture<>();
    final RelayMachine machine;
    final MachineDriver<RelayEvent> driver;

    Side(NetworkRuntime runtime, Transport over) {
      machine =
          new RelayMachine(
              new RelayPlan(List.of(config(over)), 40, true, Duration.ofSeconds(30)), random);
      driver = runtime.drive(machine, this::take);
    }

    private void take(RelayEvent event) {
      if (event instanceof RelayEvent.Described described) {
        description.complete(described.description());
      } else if (event instanceof RelayEvent.Ended ended) {
        result.complete(ended.result());
      } else {
        closed.complete(true);
      }
    }

    void meet(Side other) throws Exception {
      RelayDescription its = other.description.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      description.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      driver.execute(now -> machine.meet(its, now));
    }

    @Override
    public void close() {
      driver.close();
    }
  }

  private TurnClientConfig config(Transport over) {
    TransportAddress at = server.orElseThrow().addresses(over).get(0);
    return over.isSecure()
        ? TurnClientConfig.secure(at, over, new ServerIdentity.PinnedKey(own.pin().sha256()), USER)
        : TurnClientConfig.of(at, over, USER);
  }

  @ParameterizedTest
  @CsvSource({"UDP, UDP", "TCP, UDP", "TLS, TCP", "DTLS, TLS", "DTLS, DTLS"})
  void twoSidesTalk(Transport ours, Transport theirs) throws Exception {
    try (NetworkRuntime runtime = NetworkRuntime.create();
        Side a = new Side(runtime, ours);
        Side b = new Side(runtime, theirs)) {
      a.meet(b);
      b.meet(a);
      for (Side side : List.of(a, b)) {
        RelayResult result = side.result.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertEquals("", result.reason());
        assertEquals(40, result.sent());
        assertTrue(result.lost() <= 20, result.toString());
      }
      for (Side side : List.of(a, b)) {
        side.driver.execute(side.machine::close);
        assertTrue(side.closed.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
      }
    }
  }
}

package dev.culvert.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.culvert.identity.CertifiedKey;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.ServerIdentity;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.LongTermCredential;
import dev.culvert.transport.server.ConnectionLimits;
import dev.culvert.transport.server.RateLimit;
import dev.culvert.transport.server.RelayService;
import dev.culvert.transport.server.ServerCount;
import dev.culvert.transport.server.StunListener;
import dev.culvert.transport.server.StunServer;
import dev.culvert.transport.server.StunServerConfig;
import dev.culvert.transport.server.TlsIdentity;
import dev.culvert.turn.auth.RelayRealm;
import dev.culvert.turn.auth.StatelessNonces;
import dev.culvert.turn.auth.StaticUser;
import dev.culvert.turn.auth.StaticUsers;
import dev.culvert.turn.client.TurnClient;
import dev.culvert.turn.client.TurnClientConfig;
import dev.culvert.turn.client.TurnClientEvent;
import dev.culvert.turn.server.IpPrefix;
import dev.culvert.turn.server.PortRange;
import dev.culvert.turn.server.RelayAddress;
import dev.culvert.turn.server.RelayResources;
import dev.culvert.turn.server.TurnLimits;
import dev.culvert.turn.server.TurnServerConfig;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Relaying for clients that come by DTLS (RFC 8656 §3.1). */
class DtlsRelayTest {
  private static final String PLATFORMS = "dev.culvert.transport.Loopback#nioOnly";
  private static final CertifiedKey KEY =
      Certified.issued(Certified.AUTHORITY, Certified.spec(List.of("node.example"), List.of()));
  private static final ServerIdentity NAME = new ServerIdentity.HostName("node.example");

  private static StunServer start(boolean nio, ConnectionLimits limits) throws IOException {
    TurnServerConfig standard = TurnServerConfig.standard();
    TurnServerConfig config =
        new TurnServerConfig(
            standard.policy().allowing(IpPrefix.parse("127.0.0.0/8").orElseThrow()),
            standard.limits(),
            standard.lifetime(),
            standard.maxLifetime(),
            standard.dontFragment(),
            standard.tcpAllocations(),
            standard.alternates());
    RelayResources resources =
        new RelayResources(
            List.of(RelayAddress.of(Loopback.ip("127.0.0.1"))),
            PortRange.DYNAMIC,
            TurnLimits.STANDARD,
            new Random());
    RelayService service =
        new RelayService(
            config,
            resources,
            new StaticUsers(
                new RelayRealm("example.org"),
                List.of(StaticUser.withPassword("alice", "wonderland"))),
            new StatelessNonces(Bytes.wrap(new byte[16]), Clock.systemUTC(), Duration.ofHours(1)));
    StunServerConfig whole =
        StunServerConfig.of(
                List.of(StunListener.dtls(Loopback.at("127.0.0.1"))),
                Optional.of(new TlsIdentity(KEY.privateKey(), KEY.chain())))
            .withLimits(RateLimit.STANDARD, limits)
            .withRelay(service);
    return StunServer.start(nio ? whole.withNioOnly() : whole);
  }

  private static NetworkRuntime runtime() {
    return NetworkRuntime.builder()
        .trustedAuthorities(List.of(Certified.AUTHORITY.certificate()))
        .build();
  }

  /** A relay's client and what it tells. */
  private static final class Caller implements AutoCloseable {
    private final BlockingQueue<TurnClientEvent> events = new LinkedBlockingQueue<>();
    private final TurnClient engine;
    private final MachineDriver<TurnClientEvent> driver;

    Caller(NetworkRuntime runtime, StunServer server) {
      LongTermCredential alice = new LongTermCredential("alice", "wonderland");
      TransportAddress address = server.addresses(Transport.DTLS).get(0);
      engine =
          new TurnClient(
              TurnClientConfig.secure(address, Transport.DTLS, NAME, alice), new Random());
      driver = runtime.drive(engine, events::add);
    }

    <T extends TurnClientEvent> T await(Class<T> type) {
      try {
        while (true) {
          TurnClientEvent event = events.poll(20, TimeUnit.SECONDS);
          if (type.isInstance(event)) {
            return type.cast(event);
          }
          if (event == null || event instanceof TurnClientEvent.Failed) {
            throw new AssertionError("no " + type.getSimpleName() + " but " + event);
          }
        }
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    void send(TransportAddress peer, Bytes data) {
      driver.execute(now -> engine.send(peer, data, now));
    }

    @Override
    public void close() {
      driver.close();
    }
  }

  private static Bytes noise(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return Bytes.wrap(bytes);
  }

  private static void assertBothWays(
      Caller caller, DatagramSocket peer, TransportAddress relayed, Bytes data) throws IOException {
    TransportAddress address =
        TransportAddress.of((InetSocketAddress) peer.getLocalSocketAddress());
    caller.send(address, data);
    DatagramPacket got = new DatagramPacket(new byte[2000], 2000);
    peer.setSoTimeout(60_000);
    peer.receive(got);
    assertEquals(relayed.toSocketAddress(), got.getSocketAddress());
    assertEquals(data, Bytes.wrap(Arrays.copyOf(got.getData(), got.getLength())));
    peer.send(got);
    TurnClientEvent.Received received = caller.await(TurnClientEvent.Received.class);
    assertEquals(address, received.peer());
    assertEquals(data, received.data());
  }

  @ParameterizedTest
  @MethodSource(PLATFORMS)
  void carriesDatagramsBothWaysByIndicationAndChannel(boolean nio) throws IOException {
    try (StunServer server = start(nio, ConnectionLimits.STANDARD);
        NetworkRuntime runtime = runtime();
        Caller caller = new Caller(runtime, server);
        DatagramSocket peer = new DatagramSocket(0, Loopback.ip("127.0.0.1"))) {
      TransportAddress relayed = caller.await(TurnClientEvent.Allocated.class).relayed().get(0);
      assertBothWays(caller, peer, relayed, noise(100));
      assertBothWays(caller, peer, relayed, noise(3));
      assertBothWays(caller, peer, relayed, noise(1200));
      assertEquals(1, server.allocations());
      caller.driver.execute(caller.engine::close);
      caller.await(TurnClientEvent.Closed.class);
      assertEquals(0, server.allocations());
    }
  }

  /** Silence ends an association that has no allocation, and no other. */
  @Test
  void anAllocationKeepsItsAssociation() throws IOException {
    ConnectionLimits hasty =
        new ConnectionLimits(10, 10, Duration.ofSeconds(3), Duration.ofSeconds(20));
    try (StunServer server = start(false, hasty);
        NetworkRuntime runtime = runtime();
        Caller caller = new Caller(runtime, server);
        Driven idle = new Driven(runtime);
        DatagramSocket peer = new DatagramSocket(0, Loopback.ip("127.0.0.1"))) {
      TransportAddress relayed = caller.await(TurnClientEvent.Allocated.class).relayed().get(0);
      TransportAddress address = server.addresses(Transport.DTLS).get(0);
      idle.wants(new Output.Open(1, Transport.DTLS, Optional.empty(), address, Optional.of(NAME)));
      idle.await(Input.Closed.class);
      assertEquals(1, server.count(ServerCount.CONNECTIONS_IDLE));
      assertBothWays(caller, peer, relayed, noise(100));
    }
  }

  @Test
  void anAllocationEndsWithItsAssociation() throws IOException {
    try (StunServer server = start(false, ConnectionLimits.STANDARD);
        NetworkRuntime runtime = runtime()) {
      try (Caller caller = new Caller(runtime, server)) {
        caller.await(TurnClientEvent.Allocated.class);
        assertEquals(1, server.allocations());
      }
      while (server.allocations() > 0) {
        Thread.onSpinWait();
      }
    }
  }
}

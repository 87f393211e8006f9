package dev.culvert.transport.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.ServerIdentity;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.LongTermCredential;
import dev.culvert.stun.StunUri;
import dev.culvert.turn.client.TurnClientConfig;
import dev.culvert.turn.client.TurnClientEvent;
import dev.culvert.turn.server.TurnLimits;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Allocations on loopback, from their beginning to their end. */
class RelayAllocationTest {
  private static final TransportAddress PEER =
      new TransportAddress(LocalRelay.ip("127.0.0.9"), 4000);

  private final LocalRelay relay = new LocalRelay();

  @AfterEach
  void close() {
    relay.close();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "WEBSOCKET")
  void beginsAndEndsOverEveryTransport(Transport transport) {
    try (RelayAllocation allocation =
        LocalRelay.get(
            RelayAllocation.open(relay.runtime, relay.uri(transport), LocalRelay.USER))) {
      assertEquals(1, relay.server.allocations());
      assertEquals(LocalRelay.ip("127.0.0.1"), allocation.relayed().ip());
      assertEquals(List.of(allocation.relayed()), allocation.allRelayed());
      assertEquals(LocalRelay.ip("127.0.0.1"), allocation.mapped().ip());
      assertEquals(relay.server.addresses(transport).get(0), allocation.server());
      LocalRelay.get(allocation.permit(PEER));
      LocalRelay.get(allocation.permit(PEER.withPort(4001)));
      LocalRelay.get(allocation.closeSoon());
      assertInstanceOf(TurnClientEvent.Closed.class, LocalRelay.get(allocation.ended()));
      assertEquals(0, relay.server.allocations());
    }
  }

  @Test
  void wrongCredentialsAndWrongUrisAreToldApart() throws IOException {
    LongTermCredential wrong = new LongTermCredential("alice", "lookingglass");
    RelayException refused =
        (RelayException)
            LocalRelay.failure(
                RelayAllocation.open(relay.runtime, relay.uri(Transport.UDP), wrong));
    assertEquals(401, refused.code());
    assertEquals("the server does not accept this user name and password", refused.getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () -> RelayAllocation.open(relay.runtime, StunUri.parse("stun:127.0.0.1"), wrong));
    // A port that is bound and does not listen, so that nobody else does.
    try (Socket bound = new Socket()) {
      bound.bind(new InetSocketAddress(LocalRelay.ip("127.0.0.1"), 0));
      StunUri nobody = StunUri.parse("turn:127.0.0.1:" + bound.getLocalPort() + "?transport=tcp");
      RelayException away =
          (RelayException)
              LocalRelay.failure(RelayAllocation.open(relay.runtime, nobody, LocalRelay.USER));
      assertEquals(0, away.code());
    }
  }

  @Test
  void aServerThatIsNotTrustedGetsNoCredentials() {
    TurnClientConfig right = relay.config(Transport.TLS);
    TurnClientConfig stranger =
        TurnClientConfig.secure(
            right.server(),
            Transport.TLS,
            new ServerIdentity.HostName("relay.example"),
            LocalRelay.USER);
    RelayException untrusted =
        (RelayException) LocalRelay.failure(RelayAllocation.open(relay.runtime, stranger));
    assertEquals(0, untrusted.code());
    assertEquals(0, relay.server.allocations());
  }

  @Test
  void aPeerThatTheRelayForbidsIsToldToWhoeverPermitsIt() {
    try (RelayAllocation allocation = relay.open(Transport.UDP)) {
      TransportAddress forbidden = new TransportAddress(LocalRelay.ip("10.1.2.3"), 1);
      RelayException refused = (RelayException) LocalRelay.failure(allocation.permit(forbidden));
      assertEquals(403, refused.code());
      LocalRelay.get(allocation.permit(PEER));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"UDP", "TCP", "TLS"})
  void lossIsTold(Transport transport) {
    BlockingQueue<TurnClientEvent> events = new LinkedBlockingQueue<>();
    TurnClientConfig hasty = relay.config(transport).withKeepalive(Duration.ofSeconds(1));
    RelayAllocation allocation =
        LocalRelay.get(RelayAllocation.open(relay.runtime, hasty, events::add));
    relay.server.close();
    assertInstanceOf(TurnClientEvent.Lost.class, LocalRelay.get(allocation.ended()));
    assertInstanceOf(RelayException.class, LocalRelay.failure(allocation.permit(PEER)));
    assertTrue(events.stream().anyMatch(TurnClientEvent.Lost.class::isInstance));
    allocation.close();
  }

  @Test
  void anotherAllocationFollowsALossIfThatIsWanted() {
    BlockingQueue<TurnClientEvent> events = new LinkedBlockingQueue<>();
    UnaryOperator<TurnClientConfig> settings =
        config -> config.withReallocation().withKeepalive(Duration.ofSeconds(1));
    try (RelayAllocation allocation =
        LocalRelay.get(
            RelayAllocation.open(
                relay.runtime, relay.uri(Transport.UDP), LocalRelay.USER, settings, events::add))) {
      TransportAddress before = allocation.relayed();
      LocalRelay.get(allocation.permit(PEER));
      relay.dropAllocations();
      await(events, TurnClientEvent.Lost.class);
      await(events, TurnClientEvent.Allocated.class);
      await(events, TurnClientEvent.Permitted.class);
      assertFalse(allocation.ended().isDone());
      assertNotEquals(before, allocation.relayed());
    }
  }

  private static void await(
      BlockingQueue<TurnClientEvent> events, Class<? extends TurnClientEvent> kind) {
    while (!kind.isInstance(LocalRelay.take(events))) {
      // Others come before it.
    }
  }

  @Test
  void theEndOfTheRuntimeIsTheEndOfTheAllocation() {
    RelayAllocation allocation = relay.open(Transport.UDP);
    DatagramSocket socket = allocation.socket();
    relay.runtime.close();
    assertInstanceOf(TurnClientEvent.Lost.class, LocalRelay.get(allocation.ended()));
    assertThrows(SocketException.class, () -> socket.receive(new DatagramPacket(new byte[10], 10)));
    allocation.close();
  }

  @Test
  void whatNobodyWaitsForIsGivenBack() {
    BlockingQueue<TurnClientEvent> events = new LinkedBlockingQueue<>();
    CompletableFuture<RelayAllocation> opening =
        RelayAllocation.open(relay.runtime, relay.config(Transport.TLS), events::add);
    while (!opening.cancel(true)) {
      // It was quicker than this thread.
      LocalRelay.get(opening).close();
      await(events, TurnClientEvent.Closed.class);
      opening = RelayAllocation.open(relay.runtime, relay.config(Transport.TLS), events::add);
    }
    await(events, TurnClientEvent.Allocated.class);
    await(events, TurnClientEvent.Closed.class);
    assertEquals(0, relay.server.allocations());
  }

  @Test
  void aFullRelayPostpones() {
    try (LocalRelay small = new LocalRelay(new TurnLimits(1, 0, 0, 16, 16, 0, 0));
        RelayAllocation first = small.open(Transport.UDP)) {
      BlockingQueue<TurnClientEvent> events = new LinkedBlockingQueue<>();
      CompletableFuture<RelayAllocation> unused =
          RelayAllocation.open(small.runtime, small.config(Transport.UDP), events::add);
      TurnClientEvent told = LocalRelay.take(events);
      assertEquals(508, ((TurnClientEvent.Postponed) told).code());
      assertEquals(1, small.server.allocations());
      assertFalse(first.ended().isDone());
    }
  }
}

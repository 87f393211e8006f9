package dev.culvert.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sockets that a machine itself has listen for TCP. */
class ListenOutputTest {
  private static final String EVERYWHERE = "dev.culvert.transport.Loopback#everywhere";
  private static final String PLATFORMS = "dev.culvert.transport.Loopback#nioOnly";

  private static NetworkRuntime runtime(boolean nioOnly) {
    return NetworkRuntime.builder().nioOnly(nioOnly).build();
  }

  private static Output.Open tcp(long id, Optional<TransportAddress> local, TransportAddress to) {
    return new Output.Open(id, Transport.TCP, local, to, Optional.empty());
  }

  private static TransportAddress listen(Driven server, long id, String address) {
    server.wants(new Output.Listen(id, Loopback.at(address)));
    Input.Bound bound = server.await(Input.Bound.class);
    assertEquals(id, bound.id());
    assertNotEquals(0, bound.local().port());
    return bound.local();
  }

  @ParameterizedTest
  @MethodSource(EVERYWHERE)
  void takesConnectionsUntilItIsClosed(boolean nio, String address) {
    try (NetworkRuntime runtime = runtime(nio);
        Driven server = Driven.echo(runtime);
        Driven client = new Driven(runtime)) {
      TransportAddress at = listen(server, 7, address);
      client.wants(tcp(1, Optional.empty(), at));
      Flow flow = client.await(Input.Opened.class).flow();
      Flow accepted = server.await(Input.Opened.class).flow();
      assertTrue(accepted.id() < 0);
      assertEquals(Transport.TCP, accepted.transport());
      assertEquals(at, accepted.local());
      assertEquals(flow.local(), accepted.remote());

      server.wants(new Output.Close(7));
      client.send(flow, "still here");
      assertEquals("still here", client.awaitText(10));
      client.wants(tcp(2, Optional.empty(), at));
      Input.Closed refused = client.await(Input.Closed.class);
      assertEquals(2, refused.id());
      assertEquals(CloseCause.REFUSED, refused.cause());
    }
  }

  @ParameterizedTest
  @MethodSource(EVERYWHERE)
  void connectsFromThePortMeanwhile(boolean nio, String address) throws IOException {
    try (NetworkRuntime runtime = runtime(nio);
        Driven relay = Driven.echo(runtime);
        ServerSocket one = new ServerSocket(0, 1, Loopback.ip(address));
        ServerSocket other = new ServerSocket(0, 1, Loopback.ip(address))) {
      TransportAddress at = listen(relay, 1, address);
      long id = 2;
      for (ServerSocket peer : new ServerSocket[] {one, other}) {
        TransportAddress to = TransportAddress.of((InetSocketAddress) peer.getLocalSocketAddress());
        relay.wants(tcp(id, Optional.of(at), to));
        Flow flow = relay.await(Input.Opened.class).flow();
        assertEquals(id++, flow.id());
        assertEquals(at, flow.local());
        try (Socket accepted = peer.accept()) {
          assertEquals(at.toSocketAddress(), accepted.getRemoteSocketAddress());
        }
      }
      try (Socket late = new Socket(at.ip(), at.port())) {
        assertEquals(
            late.getLocalSocketAddress(),
            relay.await(Input.Opened.class).flow().remote().toSocketAddress());
      }
    }
  }

  @ParameterizedTest
  @MethodSource(PLATFORMS)
  void saysSoWhereSomebodyListensAlready(boolean nio) throws IOException {
    try (NetworkRuntime runtime = runtime(nio);
        Driven server = new Driven(runtime);
        ServerSocket taken = new ServerSocket(0, 1, Loopback.ip("127.0.0.1"))) {
      TransportAddress strangers =
          new TransportAddress(Loopback.ip("127.0.0.1"), taken.getLocalPort());
      TransportAddress own = listen(server, 1, "127.0.0.1");
      long id = 2;
      for (TransportAddress at : new TransportAddress[] {strangers, own}) {
        server.wants(new Output.Listen(id, at));
        Input.BindFailed failed = server.await(Input.BindFailed.class);
        assertEquals(id++, failed.id());
        assertEquals("cannot listen on TCP " + at + ": address already in use", failed.detail());
      }
    }
  }

  @ParameterizedTest
  @MethodSource(PLATFORMS)
  void oneThatIsClosedAtOnceIsNotToldOf(boolean nio) {
    try (NetworkRuntime runtime = runtime(nio);
        Driven server = new Driven(runtime)) {
      server.wants(new Output.Listen(2, Loopback.at("127.0.0.1")), new Output.Close(2));
      listen(server, 3, "127.0.0.1");
      assertTrue(server.passedOver().isEmpty());
    }
  }
}

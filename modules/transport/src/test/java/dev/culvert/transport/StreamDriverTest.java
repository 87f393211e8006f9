package dev.culvert.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StreamDriverTest {
  private static final String EVERYWHERE = "dev.culvert.transport.Loopback#everywhere";
  private static final String PLATFORMS = "dev.culvert.transport.Loopback#nioOnly";

  private static NetworkRuntime runtime(boolean nioOnly) {
    return NetworkRuntime.builder().nioOnly(nioOnly).build();
  }

  private static Output.Open tcp(long id, TransportAddress remote) {
    return new Output.Open(id, Transport.TCP, Optional.empty(), remote, Optional.empty());
  }

  private static Flow connect(Driven client, TransportAddress remote) {
    client.wants(tcp(4, remote));
    return client.await(Input.Opened.class).flow();
  }

  @ParameterizedTest
  @MethodSource(EVERYWHERE)
  void carriesAStreamBothWaysAndTellsItsEnd(boolean nio, String address) {
    try (NetworkRuntime runtime = runtime(nio);
        Driven server = Driven.echo(runtime);
        Driven client = new Driven(runtime)) {
      Listening listening = server.driver.listen(Listen.tcp(Loopback.at(address))).join();
      Flow flow = connect(client, listening.local());
      Flow accepted = server.await(Input.Opened.class).flow();
      assertTrue(accepted.id() < 0);
      assertEquals(flow.local(), accepted.remote());
      assertEquals(listening.local(), accepted.local());
      assertEquals(4, flow.id());

      client.send(flow, "hello ");
      client.send(flow, "there");
      assertEquals("hello there", client.awaitText(11));

      client.wants(new Output.Close(4));
      Input.Closed closed = server.await(Input.Closed.class);
      assertEquals(accepted.id(), closed.id());
      assertEquals(CloseCause.FINISHED, closed.cause());
    }
  }

  @ParameterizedTest
  @MethodSource(EVERYWHERE)
  void deliversLastWordsBeforeClosing(boolean nio, String address) {
    try (NetworkRuntime runtime = runtime(nio);
        Driven server = new Driven(runtime);
        Driven client = new Driven(runtime)) {
      Listening listening = server.driver.listen(Listen.tcp(Loopback.at(address))).join();
      Flow flow = connect(client, listening.local());
      byte[] words = new byte[300_000];
      client.wants(new Output.Send(flow, Bytes.wrap(words)), new Output.Close(4));
      assertEquals(words.length, server.awaitText(words.length).length());
      assertEquals(CloseCause.FINISHED, server.await(Input.Closed.class).cause());
    }
  }

  @ParameterizedTest
  @MethodSource(EVERYWHERE)
  void tellsThatNobodyListens(boolean nio, String address) throws IOException {
    try (NetworkRuntime runtime = runtime(nio);
        Nobody nobody = Nobody.tcp(address);
        Driven client = new Driven(runtime)) {
      client.wants(tcp(9, nobody.address()));
      Input.Closed closed = client.await(Input.Closed.class);
      assertEquals(9, closed.id());
      assertEquals(CloseCause.REFUSED, closed.cause());
      assertEquals("nobody listens on that port", closed.detail());
    }
  }

  @ParameterizedTest
  @MethodSource(PLATFORMS)
  void tellsAReset(boolean nio) throws IOException {
    try (NetworkRuntime runtime = runtime(nio);
        Driven client = new Driven(runtime);
        ServerSocket server = new ServerSocket(0, 1, Loopback.ip("127.0.0.1"))) {
      client.wants(tcp(1, new TransportAddress(server.getInetAddress(), server.getLocalPort())));
      try (Socket accepted = server.accept()) {
        client.await(Input.Opened.class);
        accepted.setSoLinger(true, 0);
      }
      assertEquals(CloseCause.RESET, client.await(Input.Closed.class).cause());
    }
  }

  @ParameterizedTest
  @MethodSource(PLATFORMS)
  void aReaderThatDoesNotReadIsToldOfAndThenCutOff(boolean nio) throws IOException {
    try (NetworkRuntime runtime = runtime(nio);
        Driven client = new Driven(runtime);
        ServerSocket server = new ServerSocket(0, 1, Loopback.ip("127.0.0.1"))) {
      client.wants(tcp(1, new TransportAddress(server.getInetAddress(), server.getLocalPort())));
      Flow flow = client.await(Input.Opened.class).flow();
      try (Socket idle = server.accept()) {
        Bytes piece = Bytes.wrap(new byte[200_000]);
        client.driver.execute(
            now -> {
              for (int i = 0; i < 100; i++) {
                client.machine.wants(new Output.Send(flow, piece));
              }
            });
        assertFalse(client.await(Input.Writable.class).writable());
        assertEquals(CloseCause.OVERFLOW, client.await(Input.Closed.class).cause());
        assertEquals(1, client.driver.statistics().overflows());
        assertTrue(idle.isConnected());
      }
    }
  }

  @ParameterizedTest
  @MethodSource(PLATFORMS)
  void tellsWhenAStreamTakesBytesAgain(boolean nio) throws IOException {
    try (NetworkRuntime runtime = runtime(nio);
        Driven client = new Driven(runtime);
        ServerSocket server = new ServerSocket(0, 1, Loopback.ip("127.0.0.1"))) {
      client.wants(tcp(1, new TransportAddress(server.getInetAddress(), server.getLocalPort())));
      Flow flow = client.await(Input.Opened.class).flow();
      try (Socket slow = server.accept()) {
        Bytes piece = Bytes.wrap(new byte[200_000]);
        int sent = 0;
        boolean writable = true;
        while (writable) {
          client.wants(
              new Output.Send(flow, piece), new Output.Bind(sent + 100, Loopback.at("127.0.0.1")));
          sent++;
          writable =
              !(client.nextOf(Input.Bound.class, Input.Writable.class) instanceof Input.Writable);
        }
        long total = (long) sent * piece.length();
        assertEquals(total, slow.getInputStream().readNBytes((int) total).length);
        Input.Writable again;
        do {
          again = client.await(Input.Writable.class);
        } while (!again.writable());
        assertEquals(1, again.id());
      }
    }
  }

  @ParameterizedTest
  @MethodSource(PLATFORMS)
  void acceptsNoMoreThanItsBoundAndAgainOnceOneLeft(boolean nio) {
    try (NetworkRuntime runtime = runtime(nio);
        Driven server = Driven.echo(runtime);
        Driven first = new Driven(runtime);
        Driven second = new Driven(runtime);
        Driven third = new Driven(runtime)) {
      TransportAddress at =
          server
              .driver
              .listen(Listen.tcp(Loopback.at("127.0.0.1")).withMaxConnections(1))
              .join()
              .local();
      Flow flow = connect(first, at);
      first.send(flow, "x");
      first.awaitText(1);
      connect(second, at);
      second.await(Input.Closed.class);
      assertEquals(1, server.driver.statistics().connectionsRefused());

      first.wants(new Output.Close(4));
      server.await(Input.Closed.class);
      Flow later = connect(third, at);
      third.send(later, "y");
      assertEquals("y", third.awaitText(1));
    }
  }

  @ParameterizedTest
  @MethodSource(PLATFORMS)
  void closesConnectionsThatAreSilent(boolean nio) {
    try (NetworkRuntime runtime = runtime(nio);
        Driven server = Driven.echo(runtime);
        Driven client = new Driven(runtime)) {
      Listen listen = Listen.tcp(Loopback.at("127.0.0.1")).withIdleTimeout(Duration.ofMillis(50));
      connect(client, server.driver.listen(listen).join().local());
      assertEquals(CloseCause.TIMED_OUT, server.await(Input.Closed.class).cause());
      assertEquals(CloseCause.FINISHED, client.await(Input.Closed.class).cause());
    }
  }

  @ParameterizedTest
  @MethodSource(PLATFORMS)
  void aMachineThatThrowsLosesThatConnectionOnly(boolean nio) {
    ScriptedMachine fragile = new ScriptedMachine();
    fragile.onReceive(
        (flow, payload) -> {
          if (payload.utf8().startsWith("!")) {
            throw new IllegalStateException("thrown by the test");
          }
          fragile.wants(new Output.Send(flow, payload));
        });
    try (NetworkRuntime runtime = runtime(nio);
        Driven server = new Driven(runtime, fragile);
        Driven wicked = new Driven(runtime);
        Driven good = new Driven(runtime)) {
      TransportAddress at =
          server.driver.listen(Listen.tcp(Loopback.at("127.0.0.1"))).join().local();
      Flow goodFlow = connect(good, at);
      wicked.send(connect(wicked, at), "!");
      wicked.await(Input.Closed.class);
      assertEquals(CloseCause.OTHER, server.await(Input.Closed.class).cause());
      good.send(goodFlow, "fine");
      assertEquals("fine", good.awaitText(4));
    }
  }

  @ParameterizedTest
  @MethodSource(PLATFORMS)
  void saysWhyItCannotListen(boolean nio) throws IOException {
    try (NetworkRuntime runtime = runtime(nio);
        Driven server = new Driven(runtime);
        ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      TransportAddress at = new TransportAddress(Loopback.ip("127.0.0.1"), taken.getLocalPort());
      CompletionException failure =
          assertThrows(
              CompletionException.class, () -> server.driver.listen(Listen.tcp(at)).join());
      ListenException why = assertInstanceOf(ListenException.class, failure.getCause());
      assertEquals("cannot listen on TCP " + at + ": address already in use", why.getMessage());
    }
  }

  @ParameterizedTest
  @MethodSource(PLATFORMS)
  void acceptsNoMoreOnceItIsClosed(boolean nio) {
    try (NetworkRuntime runtime = runtime(nio);
        Driven server = Driven.echo(runtime);
        Driven client = new Driven(runtime)) {
      Listening listening = server.driver.listen(Listen.tcp(Loopback.at("127.0.0.1"))).join();
      Flow flow = connect(client, listening.local());
      server.await(Input.Opened.class);
      listening.close();
      client.send(flow, "still here");
      assertEquals("still here", client.awaitText(10));
      client.wants(tcp(5, listening.local()));
      assertEquals(CloseCause.REFUSED, client.await(Input.Closed.class).cause());
    }
  }
}

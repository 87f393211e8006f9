package dev.culvert.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.transport.ScriptedMachine.Heard;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class UdpDriverTest {
  private static final String EVERYWHERE = "dev.culvert.transport.Loopback#everywhere";
  private static final String PLATFORMS = "dev.culvert.transport.Loopback#nioOnly";

  private static NetworkRuntime runtime(boolean nioOnly) {
    return NetworkRuntime.builder().nioOnly(nioOnly).build();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(20, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @MethodSource(EVERYWHERE)
  void carriesDatagramsBothWays(boolean nio, String address) {
    try (NetworkRuntime runtime = runtime(nio);
        Driven server = Driven.echo(runtime);
        Driven client = new Driven(runtime)) {
      TransportAddress serverAt = server.bind(0, Loopback.at(address)).local();
      TransportAddress clientAt = client.bind(7, Loopback.at(address)).local();
      assertTrue(serverAt.port() != 0 && clientAt.port() != 0);

      client.send(new Flow(7, Transport.UDP, clientAt, serverAt), "hello");

      Heard atServer = server.awaitBytes();
      assertEquals("hello", atServer.payload().utf8());
      assertEquals(Optional.of(new Flow(0, Transport.UDP, serverAt, clientAt)), atServer.flow());
      Heard atClient = client.awaitBytes();
      assertEquals("hello", atClient.payload().utf8());
      assertEquals(Optional.of(new Flow(7, Transport.UDP, clientAt, serverAt)), atClient.flow());
    }
  }

  @ParameterizedTest
  @MethodSource(EVERYWHERE)
  void cutsNoLargeDatagram(boolean nio, String address) {
    try (NetworkRuntime runtime = runtime(nio);
        Driven server = Driven.echo(runtime);
        Driven client = new Driven(runtime)) {
      TransportAddress serverAt = server.bind(0, Loopback.at(address)).local();
      TransportAddress clientAt = client.bind(0, Loopback.at(address)).local();
      Bytes large = Bytes.wrap(new byte[60_000]);
      client.wants(new Output.Send(new Flow(0, Transport.UDP, clientAt, serverAt), large));
      assertEquals(large, client.awaitBytes().payload());
    }
  }

  @ParameterizedTest
  @MethodSource(EVERYWHERE)
  void bringsIcmpErrorsOfAConnectedSocket(boolean nio, String address) throws Exception {
    try (NetworkRuntime runtime = runtime(nio);
        Nobody nobody = Nobody.udp(address);
        Driven client = new Driven(runtime)) {
      TransportAddress to = nobody.address();
      client.wants(new Output.Open(3, Transport.UDP, Optional.empty(), to, Optional.empty()));
      Flow flow = client.await(Input.Opened.class).flow();
      assertEquals(to, flow.remote());
      assertFalse(flow.local().ip().isAnyLocalAddress());

      client.send(flow, "anybody?");

      Input.Unreachable told = client.await(Input.Unreachable.class);
      assertEquals(CloseCause.REFUSED, told.cause());
      assertEquals(flow, told.flow());
    }
  }

  @ParameterizedTest
  @MethodSource(EVERYWHERE)
  void losesNoDatagramToAnEarlierOnesError(boolean nio, String address) throws Exception {
    try (NetworkRuntime runtime = runtime(nio);
        Nobody nobody = Nobody.udp(address);
        Driven client = new Driven(runtime)) {
      TransportAddress serverAt = nobody.address();
      client.wants(new Output.Open(3, Transport.UDP, Optional.empty(), serverAt, Optional.empty()));
      Flow flow = client.await(Input.Opened.class).flow();
      client.send(flow, "lost");
      client.await(Input.Unreachable.class);
      nobody.leave();
      try (DatagramSocket again = new DatagramSocket(serverAt.toSocketAddress())) {
        again.setSoTimeout(60_000);
        client.send(flow, "found");
        DatagramPacket packet = new DatagramPacket(new byte[100], 100);
        again.receive(packet);
        assertEquals(
            "found", new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8));
      }
    }
  }

  @ParameterizedTest
  @MethodSource(EVERYWHERE)
  void saysWhyItCannotBind(boolean nio, String address) {
    try (NetworkRuntime runtime = runtime(nio);
        Driven first = new Driven(runtime);
        Driven second = new Driven(runtime)) {
      TransportAddress taken = first.bind(0, Loopback.at(address)).local();
      second.wants(new Output.Bind(5, taken));
      Input.BindFailed failed = second.await(Input.BindFailed.class);
      assertEquals(5, failed.id());
      assertEquals("cannot open UDP " + taken + ": address already in use", failed.detail());
    }
  }

  @ParameterizedTest
  @MethodSource(PLATFORMS)
  void saysThatAnAddressIsNotOurs(boolean nio) {
    try (NetworkRuntime runtime = runtime(nio);
        Driven driven = new Driven(runtime)) {
      driven.wants(new Output.Bind(0, Loopback.at("203.0.113.7")));
      assertEquals(
          "cannot open UDP 203.0.113.7:0: no interface of this machine has that address",
          driven.await(Input.BindFailed.class).detail());
    }
  }

  @ParameterizedTest
  @MethodSource(PLATFORMS)
  void tellsTheAddressThatWasAskedBehindAWildcard(boolean nio) {
    try (NetworkRuntime runtime = runtime(nio);
        Driven server = new Driven(runtime);
        Driven client = new Driven(runtime)) {
      TransportAddress any = server.bind(0, Loopback.at("0.0.0.0")).local();
      TransportAddress clientAt = client.bind(0, Loopback.at("127.0.0.1")).local();
      TransportAddress asked = new TransportAddress(Loopback.ip("127.0.0.2"), any.port());
      client.send(new Flow(0, Transport.UDP, clientAt, asked), "x");
      TransportAddress told = server.awaitBytes().flow().orElseThrow().local();
      assertEquals(runtime.transportName().equals("epoll") ? asked : any, told);
    }
  }

  @ParameterizedTest
  @MethodSource(EVERYWHERE)
  void sendsWithAHopLimitOfItsOwnAndRestoresIt(boolean nio, String address) {
    try (NetworkRuntime runtime = runtime(nio);
        Driven server = Driven.echo(runtime);
        Driven client = new Driven(runtime)) {
      TransportAddress serverAt = server.bind(0, Loopback.at(address)).local();
      Input.Bound bound = client.bind(0, Loopback.at(address));
      assertEquals(runtime.transportName().equals("epoll"), bound.ttl());
      Flow flow = new Flow(0, Transport.UDP, bound.local(), serverAt);
      client.wants(
          new Output.Send(flow, Bytes.utf8("a"), 3, true),
          new Output.Send(flow, Bytes.utf8("b")),
          new Output.Send(flow, Bytes.utf8("c"), 255, false));
      Set<String> echoes = new HashSet<>();
      for (int i = 0; i < 3; i++) {
        echoes.add(client.awaitBytes().payload().utf8());
      }
      assertEquals(Set.of("a", "b", "c"), echoes);
    }
  }

  @ParameterizedTest
  @MethodSource(PLATFORMS)
  void closesASocketSoThatItsPortIsFree(boolean nio) {
    try (NetworkRuntime runtime = runtime(nio);
        Driven driven = new Driven(runtime)) {
      TransportAddress local = driven.bind(0, Loopback.at("127.0.0.1")).local();
      driven.wants(new Output.Close(0));
      // NIO frees the port when its selector comes round again, which a deadline makes it do.
      driven.driver.execute(now -> driven.machine.wakeAt(now.plus(Duration.ofMillis(1))));
      driven.next();
      driven.wants(new Output.Bind(1, local));
      assertEquals(local, driven.await(Input.Bound.class).local());
    }
  }

  @ParameterizedTest
  @MethodSource(PLATFORMS)
  void opensASocketInTheMomentInWhichAConnectionIsGivenUp(boolean nio) throws Exception {
    for (int round = 0; round < 20; round++) {
      ScriptedMachine machine = new ScriptedMachine();
      machine.onReceive(
          (flow, payload) -> {
            machine.wants(new Output.Close(2));
            machine.wants(new Output.Bind(3, Loopback.at("127.0.0.1")));
          });
      try (NetworkRuntime runtime = runtime(nio);
          Driven client = new Driven(runtime, machine);
          ServerSocket server = new ServerSocket(0, 1, Loopback.ip("127.0.0.1"));
          DatagramSocket sender = new DatagramSocket()) {
        TransportAddress udp = client.bind(1, Loopback.at("127.0.0.1")).local();
        TransportAddress tcp = new TransportAddress(server.getInetAddress(), server.getLocalPort());
        client.wants(new Output.Open(2, Transport.TCP, Optional.empty(), tcp, Optional.empty()));
        Socket accepted = server.accept();
        client.await(Input.Opened.class);

        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch seen = new CountDownLatch(1);
        client.driver.execute(
            now -> {
              seen.countDown();
              await(busy);
            });
        await(seen);
        // While the loop is busy both events come together, the datagram first.
        sender.send(new DatagramPacket(new byte[] {1}, 1, udp.toSocketAddress()));
        accepted.close();
        busy.countDown();

        assertEquals(3, client.await(Input.Bound.class).id());
      }
    }
  }
}

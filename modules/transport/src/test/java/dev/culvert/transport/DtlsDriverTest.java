package dev.culvert.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.identity.CertifiedKey;
import dev.culvert.identity.Keys;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.ServerIdentity;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.transport.LossyRelay.Fate;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DtlsDriverTest {
  private static final String EVERYWHERE = "dev.culvert.transport.Loopback#everywhere";
  private static final String PLATFORMS = "dev.culvert.transport.Loopback#nioOnly";
  private static final CertifiedKey KEY =
      Certified.issued(Certified.AUTHORITY, Certified.spec(List.of("node.example"), List.of()));

  private static NetworkRuntime runtime(boolean nioOnly) {
    return NetworkRuntime.builder()
        .nioOnly(nioOnly)
        .trustedAuthorities(List.of(Certified.AUTHORITY.certificate()))
        .build();
  }

  private static Output.Open dtls(long id, TransportAddress remote, ServerIdentity expected) {
    return new Output.Open(id, Transport.DTLS, Optional.empty(), remote, Optional.of(expected));
  }

  private static ServerIdentity pin(CertifiedKey key) {
    return new ServerIdentity.PinnedKey(key.pin().sha256());
  }

  private static Listen listen(String address) {
    return Listen.dtls(Loopback.at(address), Certified.server(KEY));
  }

  @ParameterizedTest
  @MethodSource(EVERYWHERE)
  void carriesDatagramsBothWaysAndTellsTheEnd(boolean nio, String address) {
    try (NetworkRuntime runtime = runtime(nio);
        Driven server = Driven.echo(runtime);
        Driven client = new Driven(runtime)) {
      Listening listening = server.driver.listen(listen(address)).join();
      client.wants(dtls(3, listening.local(), new ServerIdentity.HostName("node.example")));
      Flow flow = client.await(Input.Opened.class).flow();
      Flow accepted = server.await(Input.Opened.class).flow();
      assertEquals(listening.local(), accepted.local());
      assertEquals(flow.local(), accepted.remote());
      assertTrue(accepted.id() < 0);

      client.send(flow, "one");
      client.send(flow, "two");
      assertEquals("one", client.awaitBytes().payload().utf8());
      assertEquals("two", client.awaitBytes().payload().utf8());
      Bytes large = Bytes.wrap(new byte[9000]);
      client.wants(new Output.Send(flow, large));
      assertEquals(large, client.awaitBytes().payload());

      client.wants(new Output.Close(3));
      Input.Closed closed = server.await(Input.Closed.class);
      assertEquals(accepted.id(), closed.id());
      assertEquals(CloseCause.FINISHED, closed.cause());
    }
  }

  @ParameterizedTest
  @MethodSource(PLATFORMS)
  void tellsManyClientsOfOneSocketApart(boolean nio) {
    try (NetworkRuntime runtime = runtime(nio);
        Driven server = Driven.echo(runtime);
        Driven client = new Driven(runtime)) {
      TransportAddress at = server.driver.listen(listen("127.0.0.1")).join().local();
      int count = 20;
      for (int i = 0; i < count; i++) {
        client.wants(dtls(i, at, pin(KEY)));
      }
      Map<Long, Flow> silent = new HashMap<>();
      for (int i = 0; i < count; i++) {
        Flow flow = client.await(Input.Opened.class).flow();
        silent.put(flow.id(), flow);
      }
      for (int i = 0; i < 200 && !silent.isEmpty(); i++) {
        // Datagrams may be lost, on a busy machine even here.
        silent.values().forEach(flow -> client.send(flow, "to " + flow.id()));
        for (Optional<ScriptedMachine.Heard> heard = client.bytesWithin(Duration.ofMillis(100));
            heard.isPresent() && !silent.isEmpty();
            heard = client.bytesWithin(Duration.ofMillis(100))) {
          Flow flow = heard.get().flow().orElseThrow();
          assertEquals("to " + flow.id(), heard.get().payload().utf8());
          silent.remove(flow.id());
        }
      }
      assertEquals(Map.of(), silent);
    }
  }

  @ParameterizedTest
  @MethodSource(PLATFORMS)
  void refusesAnotherNameAndAnotherKey(boolean nio) {
    CertifiedKey other = Certified.selfMade(Keys.generateP256(Certified.RANDOM));
    for (ServerIdentity expected :
        List.of(new ServerIdentity.HostName("other.example"), pin(other))) {
      try (NetworkRuntime runtime = runtime(nio);
          Driven server = Driven.echo(runtime);
          Driven client = new Driven(runtime)) {
        client.wants(dtls(1, server.driver.listen(listen("127.0.0.1")).join().local(), expected));
        Input outcome = client.nextOf(Input.Opened.class, Input.Closed.class);
        assertTrue(outcome instanceof Input.Closed, "the client trusts: " + outcome);
        assertEquals(CloseCause.UNTRUSTED, ((Input.Closed) outcome).cause());
      }
    }
  }

  @ParameterizedTest
  @MethodSource(PLATFORMS)
  void tellsThatNobodyListens(boolean nio) throws IOException {
    try (NetworkRuntime runtime = runtime(nio);
        Nobody nobody = Nobody.udp("127.0.0.1");
        Driven client = new Driven(runtime)) {
      client.wants(dtls(1, nobody.address(), pin(KEY)));
      assertEquals(CloseCause.REFUSED, client.await(Input.Closed.class).cause());
    }
  }

  /** Connects over the relay and sends until an echo comes back. */
  private static List<Fate> shakeHands(IntFunction<Fate> fate, String story) throws IOException {
    try (NetworkRuntime runtime = runtime(true);
        Driven server = Driven.echo(runtime);
        Driven client = new Driven(runtime);
        LossyRelay relay =
            new LossyRelay(server.driver.listen(listen("127.0.0.1")).join().local(), fate)) {
      client.wants(dtls(1, relay.address(), pin(KEY)));
      Input outcome = client.nextOf(Input.Opened.class, Input.Closed.class);
      assertTrue(outcome instanceof Input.Opened, story + ": " + outcome + relay.fates());
      Flow flow = ((Input.Opened) outcome).flow();
      server.await(Input.Opened.class);
      List<Fate> fates = relay.fates();
      Optional<ScriptedMachine.Heard> echo = Optional.empty();
      for (int i = 0; i < 200 && echo.isEmpty(); i++) {
        client.send(flow, story);
        echo = client.bytesWithin(Duration.ofMillis(100));
      }
      assertEquals(story, echo.orElseThrow().payload().utf8());
      return fates;
    }
  }

  /** Whichever datagram of the handshake meets this, the handshake succeeds. */
  @ParameterizedTest
  @EnumSource(
      value = Fate.class,
      names = {"DROP", "DOUBLE", "DELAY"})
  void everyHandshakeDatagramMayBeLostDoubledOrLate(Fate fate) throws IOException {
    int datagrams = shakeHands(number -> Fate.PASS, "undisturbed").size();
    assertTrue(datagrams >= 5, "a full handshake has six flights, not " + datagrams);
    for (int victim = 0; victim < datagrams; victim++) {
      int chosen = victim;
      shakeHands(number -> number == chosen ? fate : Fate.PASS, fate + " of datagram " + victim);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void manyTroublesAtOnceAreOvercome(long seed) throws IOException {
    Random random = new Random(seed);
    shakeHands(
        number -> {
          int dice = random.nextInt(10);
          return dice < 2 ? Fate.DROP : dice < 3 ? Fate.DOUBLE : dice < 4 ? Fate.DELAY : Fate.PASS;
        },
        "seed " + seed);
  }

  /** Spoofed senders cost bounded memory, little traffic, and nobody else's handshake. */
  @Test
  void senderWithoutReturnPathGetsLittleAndKeepsNobodyOut() throws IOException {
    try (NetworkRuntime runtime = runtime(true);
        Driven server = Driven.echo(runtime);
        Driven client = new Driven(runtime);
        DatagramSocket hello = new DatagramSocket(0, Loopback.ip("127.0.0.1"))) {
      TransportAddress at =
          server.driver.listen(listen("127.0.0.1").withMaxConnections(8)).join().local();
      byte[] clientHello = RawDtls.clientHello(runtime, hello);
      for (int i = 0; i < 40; i++) {
        try (DatagramSocket spoofed = new DatagramSocket(0, Loopback.ip("127.0.0.1"))) {
          spoofed.setSoTimeout(60_000);
          spoofed.send(new DatagramPacket(clientHello, clientHello.length, at.toSocketAddress()));
          DatagramPacket answer = new DatagramPacket(new byte[2000], 2000);
          spoofed.receive(answer);
          assertTrue(answer.getLength() < clientHello.length, "amplified");
          assertEquals(3, answer.getData()[13], "HelloVerifyRequest");
        }
      }
      client.wants(dtls(1, at, pin(KEY)));
      client.await(Input.Opened.class);
      assertTrue(server.driver.statistics().connectionsRefused() >= 20);
    }
  }

  @Test
  void whoBeginsAgainIsAnsweredAgain() throws IOException {
    try (NetworkRuntime runtime = runtime(true);
        Driven server = Driven.echo(runtime);
        DatagramSocket hello = new DatagramSocket(0, Loopback.ip("127.0.0.1"));
        DatagramSocket client = new DatagramSocket(0, Loopback.ip("127.0.0.1"))) {
      TransportAddress at = server.driver.listen(listen("127.0.0.1")).join().local();
      byte[] first = RawDtls.clientHello(runtime, hello);
      byte[] verify = RawDtls.exchange(client, first, at);
      assertArrayEquals(verify, RawDtls.exchange(client, first, at));
      assertEquals(
          2, RawDtls.exchange(client, RawDtls.withCookie(first, verify), at)[13], "ServerHello");
    }
  }

  /** RFC 6347 §4.2.8: to the server both clients of the relay have one address. */
  @Test
  void whoLostItsKeysReplacesWhatWasThere() throws IOException {
    try (NetworkRuntime runtime = runtime(true);
        Driven server = Driven.echo(runtime);
        Driven lost = new Driven(runtime);
        Driven anew = new Driven(runtime);
        LossyRelay relay =
            new LossyRelay(
                server.driver.listen(listen("127.0.0.1")).join().local(), number -> Fate.PASS)) {
      lost.wants(dtls(1, relay.address(), pin(KEY)));
      lost.await(Input.Opened.class);
      Flow old = server.await(Input.Opened.class).flow();
      anew.wants(dtls(2, relay.address(), pin(KEY)));
      Flow flow = anew.await(Input.Opened.class).flow();
      Input.Closed replaced = server.await(Input.Closed.class);
      assertEquals(old.id(), replaced.id());
      assertEquals(CloseCause.RESET, replaced.cause());
      assertEquals(old.remote(), server.await(Input.Opened.class).flow().remote());
      anew.send(flow, "here again");
      assertEquals("here again", anew.awaitBytes().payload().utf8());
    }
  }

  /** RFC 6347 §4.2.1: a cookie proves one address. */
  @Test
  void aCookieIsWorthNothingElsewhere() throws IOException {
    try (NetworkRuntime runtime = runtime(true);
        Driven server = Driven.echo(runtime);
        DatagramSocket hello = new DatagramSocket(0, Loopback.ip("127.0.0.1"));
        DatagramSocket honest = new DatagramSocket(0, Loopback.ip("127.0.0.1"));
        DatagramSocket victim = new DatagramSocket(0, Loopback.ip("127.0.0.1"))) {
      TransportAddress at = server.driver.listen(listen("127.0.0.1")).join().local();
      byte[] first = RawDtls.clientHello(runtime, hello);
      byte[] verify = RawDtls.exchange(honest, first, at);
      assertEquals(3, verify[13]);
      byte[] second = RawDtls.withCookie(first, verify);
      assertEquals(
          2, RawDtls.exchange(honest, second, at)[13], "a ServerHello for who has the cookie");
      assertEquals(3, RawDtls.exchange(victim, first, at)[13]);
      assertEquals(
          3, RawDtls.exchange(victim, second, at)[13], "no ServerHello for a stranger's cookie");
    }
  }

  @ParameterizedTest
  @MethodSource(PLATFORMS)
  void garbageDisturbsNobody(boolean nio) throws IOException {
    try (NetworkRuntime runtime = runtime(nio);
        Driven server = Driven.echo(runtime);
        Driven client = new Driven(runtime);
        DatagramSocket wicked = new DatagramSocket(0, Loopback.ip("127.0.0.1"))) {
      TransportAddress at = server.driver.listen(listen("127.0.0.1")).join().local();
      Random random = new Random(7);
      for (int i = 0; i < 300; i++) {
        byte[] garbage = new byte[random.nextInt(100)];
        random.nextBytes(garbage);
        byte[] head = {22, (byte) 0xfe, (byte) 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 50, 1};
        if (i % 2 == 0) {
          System.arraycopy(head, 0, garbage, 0, Math.min(head.length, garbage.length));
        }
        wicked.send(new DatagramPacket(garbage, garbage.length, at.toSocketAddress()));
      }
      client.wants(dtls(1, at, pin(KEY)));
      Flow flow = client.await(Input.Opened.class).flow();
      client.send(flow, "well");
      assertEquals("well", client.awaitBytes().payload().utf8());
      assertEquals(0, server.driver.statistics().machineFailures());
    }
  }

  @ParameterizedTest
  @MethodSource(PLATFORMS)
  void endsAssociationsThatAreSilent(boolean nio) {
    try (NetworkRuntime runtime = runtime(nio);
        Driven server = Driven.echo(runtime);
        Driven client = new Driven(runtime)) {
      Listen listen = listen("127.0.0.1").withIdleTimeout(Duration.ofMillis(1500));
      client.wants(dtls(1, server.driver.listen(listen).join().local(), pin(KEY)));
      client.await(Input.Opened.class);
      assertEquals(CloseCause.TIMED_OUT, server.await(Input.Closed.class).cause());
      assertEquals(CloseCause.FINISHED, client.await(Input.Closed.class).cause());
    }
  }
}

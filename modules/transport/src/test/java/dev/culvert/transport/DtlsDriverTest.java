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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
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
      for (int i = 0; i < count; i++) {
        Flow flow = client.await(Input.Opened.class).flow();
        client.send(flow, "to " + flow.id());
      }
      List<ScriptedMachine.Heard> all = new ArrayList<>(client.passedOver());
      while (all.stream().filter(heard -> heard.flow().isPresent()).count() < count) {
        all.add(client.next());
      }
      Set<String> echoes = new HashSet<>();
      for (ScriptedMachine.Heard heard : all) {
        heard
            .flow()
            .ifPresent(
                flow -> {
                  assertEquals("to " + flow.id(), heard.payload().utf8());
                  echoes.add(heard.payload().utf8());
                });
      }
      assertEquals(count, echoes.size());
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
    TransportAddress nobody;
    try (DatagramSocket taken = new DatagramSocket(0, Loopback.ip("127.0.0.1"))) {
      nobody = new TransportAddress(taken.getLocalAddress(), taken.getLocalPort());
    }
    try (NetworkRuntime runtime = runtime(nio);
        Driven client = new Driven(runtime)) {
      client.wants(dtls(1, nobody, pin(KEY)));
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
      for (int i = 0; i < 8; i++) {
        client.send(flow, story);
      }
      assertEquals(story, client.awaitBytes().payload().utf8());
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
      byte[] clientHello = clientHello(runtime, hello);
      for (int i = 0; i < 40; i++) {
        try (DatagramSocket spoofed = new DatagramSocket(0, Loopback.ip("127.0.0.1"))) {
          spoofed.setSoTimeout(10_000);
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
      byte[] first = clientHello(runtime, hello);
      byte[] verify = exchange(client, first, at);
      assertArrayEquals(verify, exchange(client, first, at));
      assertEquals(2, exchange(client, withCookie(first, verify), at)[13], "ServerHello");
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
      byte[] first = clientHello(runtime, hello);
      byte[] verify = exchange(honest, first, at);
      assertEquals(3, verify[13]);
      byte[] second = withCookie(first, verify);
      assertEquals(2, exchange(honest, second, at)[13], "a ServerHello for who has the cookie");
      assertEquals(3, exchange(victim, first, at)[13]);
      assertEquals(3, exchange(victim, second, at)[13], "no ServerHello for a stranger's cookie");
    }
  }

  private static byte[] exchange(DatagramSocket from, byte[] datagram, TransportAddress to)
      throws IOException {
    from.setSoTimeout(10_000);
    from.send(new DatagramPacket(datagram, datagram.length, to.toSocketAddress()));
    DatagramPacket answer = new DatagramPacket(new byte[2000], 2000);
    from.receive(answer);
    return answer.getData();
  }

  private static byte[] clientHello(NetworkRuntime runtime, DatagramSocket catcher)
      throws IOException {
    try (Driven client = new Driven(runtime)) {
      client.wants(
          dtls(
              1,
              new TransportAddress(catcher.getLocalAddress(), catcher.getLocalPort()),
              pin(KEY)));
      catcher.setSoTimeout(10_000);
      DatagramPacket caught = new DatagramPacket(new byte[2000], 2000);
      catcher.receive(caught);
      assertEquals(1, caught.getData()[13], "ClientHello");
      return java.util.Arrays.copyOf(caught.getData(), caught.getLength());
    }
  }

  /** The same ClientHello as its second flight: with the cookie, one further in both sequences. */
  private static byte[] withCookie(byte[] hello, byte[] verify) {
    int cookieLength = verify[27];
    int sessionIdAt = 25 + 2 + 32;
    int cookieAt = sessionIdAt + 1 + hello[sessionIdAt];
    byte[] out = new byte[hello.length + cookieLength];
    System.arraycopy(hello, 0, out, 0, cookieAt);
    out[cookieAt] = (byte) cookieLength;
    System.arraycopy(verify, 28, out, cookieAt + 1, cookieLength);
    System.arraycopy(
        hello, cookieAt + 1, out, cookieAt + 1 + cookieLength, hello.length - cookieAt - 1);
    out[10] = 1;
    int record = out.length - 13;
    out[11] = (byte) (record >> 8);
    out[12] = (byte) record;
    int body = record - 12;
    for (int at : new int[] {14, 22}) {
      out[at] = 0;
      out[at + 1] = (byte) (body >> 8);
      out[at + 2] = (byte) body;
    }
    out[18] = 1;
    return out;
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

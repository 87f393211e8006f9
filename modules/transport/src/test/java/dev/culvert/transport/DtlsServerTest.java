package dev.culvert.transport;

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
import dev.culvert.stun.Method;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.attribute.XorMappedAddress;
import dev.culvert.transport.server.ConnectionLimits;
import dev.culvert.transport.server.RateLimit;
import dev.culvert.transport.server.ServerCount;
import dev.culvert.transport.server.StunListener;
import dev.culvert.transport.server.StunServer;
import dev.culvert.transport.server.StunServerConfig;
import dev.culvert.transport.server.TlsIdentity;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The server over DTLS (RFC 7350). */
class DtlsServerTest {
  private static final String EVERYWHERE = "dev.culvert.transport.Loopback#everywhere";
  private static final CertifiedKey KEY =
      Certified.issued(Certified.AUTHORITY, Certified.spec(List.of("node.example"), List.of()));
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private static StunServerConfig config(String address) {
    return StunServerConfig.of(
        List.of(StunListener.dtls(Loopback.at(address))),
        Optional.of(new TlsIdentity(KEY.privateKey(), KEY.chain())));
  }

  private static StunServer start(ConnectionLimits limits) throws IOException {
    return StunServer.start(config("127.0.0.1").withLimits(RateLimit.STANDARD, limits));
  }

  private static TransportAddress dtls(StunServer server) {
    return server.addresses(Transport.DTLS).get(0);
  }

  private static NetworkRuntime runtime() {
    return NetworkRuntime.builder()
        .trustedAuthorities(List.of(Certified.AUTHORITY.certificate()))
        .build();
  }

  private static Output.Open open(long id, TransportAddress server) {
    ServerIdentity name = new ServerIdentity.HostName("node.example");
    return new Output.Open(id, Transport.DTLS, Optional.empty(), server, Optional.of(name));
  }

  private static Flow connect(Driven client, StunServer server) {
    return connect(client, 0, server);
  }

  private static Flow connect(Driven client, long firstId, StunServer server) {
    return connect(client, firstId, dtls(server));
  }

  /** A machine that is very busy may need more than one attempt. */
  private static Flow connect(Driven client, long firstId, TransportAddress server) {
    for (long id = firstId; ; id++) {
      client.wants(open(id, server));
      if (client.nextOf(Input.Opened.class, Input.Closed.class) instanceof Input.Opened opened) {
        return opened.flow();
      }
    }
  }

  private static StunMessage request() {
    return StunMessage.request(Method.BINDING, TransactionId.random(Certified.RANDOM));
  }

  private static void assertAnswers(Driven client, Flow flow) {
    StunMessage request = request();
    client.wants(new Output.Send(flow, StunCodec.encode(request)));
    Bytes answer = client.awaitBytes().payload();
    StunMessage response = StunCodec.decode(answer).packet().orElseThrow().message();
    assertEquals(request.transactionId(), response.transactionId());
    assertEquals(flow.local(), response.first(XorMappedAddress.class).orElseThrow().address());
  }

  @ParameterizedTest
  @MethodSource(EVERYWHERE)
  void answersEachRequestInADatagramOfItsOwn(boolean nio, String address) throws IOException {
    StunServerConfig config = nio ? config(address).withNioOnly() : config(address);
    try (StunServer server = StunServer.start(config);
        NetworkRuntime runtime = runtime();
        Driven client = new Driven(runtime)) {
      Flow flow = connect(client, server);
      StunMessage indication =
          StunMessage.indication(Method.BINDING, TransactionId.random(Certified.RANDOM));
      client.wants(
          new Output.Send(flow, StunCodec.encode(indication)),
          new Output.Send(flow, Bytes.utf8("garbage")),
          new Output.Send(flow, StunCodec.encode(request()).concat(Bytes.of(1, 2, 3, 4))),
          new Output.Send(flow, Bytes.wrap(new byte[9000])));
      for (int i = 0; i < 3; i++) {
        assertAnswers(client, flow);
      }
      assertEquals(3, server.count(ServerCount.STREAM_ANSWERED));
      assertEquals(2, server.count(ServerCount.DROPPED_GARBAGE));
      assertEquals(1, server.count(ServerCount.CONNECTIONS));
    }
  }

  /** Also where the IPv6 socket has the IPv4 port as well, and TLS has the number. */
  @ParameterizedTest
  @MethodSource("dev.culvert.transport.Loopback#nioOnly")
  void answersOnAllAddressesOfBothFamilies(boolean nio) throws IOException {
    if (Loopback.addresses().size() < 2) {
      return;
    }
    try (StunServer server = startOnAllAddresses(nio);
        NetworkRuntime runtime = runtime();
        Driven client = new Driven(runtime)) {
      assertEquals(2, server.addresses(Transport.DTLS).size());
      int port = dtls(server).port();
      long id = 0;
      for (String address : Loopback.addresses()) {
        id += 100;
        assertAnswers(
            client, connect(client, id, new TransportAddress(Loopback.ip(address), port)));
      }
    }
  }

  /** On a port that was free for all a moment ago, or else on another. */
  private static StunServer startOnAllAddresses(boolean nio) throws IOException {
    TransportAddress any = new TransportAddress(Loopback.ip("::"), 0);
    for (int attempt = 1; ; attempt++) {
      int port;
      try (StunServer probe =
          StunServer.start(StunServerConfig.of(List.of(StunListener.plain(any))))) {
        port = probe.addresses(Transport.TCP).get(0).port();
      }
      List<StunListener> listeners = new ArrayList<>();
      for (String wildcard : List.of("::", "0.0.0.0")) {
        TransportAddress at = new TransportAddress(Loopback.ip(wildcard), port);
        listeners.add(StunListener.tls(at));
        listeners.add(StunListener.dtls(at));
      }
      StunServerConfig config =
          StunServerConfig.of(
              listeners, Optional.of(new TlsIdentity(KEY.privateKey(), KEY.chain())));
      try {
        return StunServer.start(nio ? config.withNioOnly() : config);
      } catch (dev.culvert.transport.server.ListenException taken) {
        if (attempt == 20) {
          throw taken;
        }
      }
    }
  }

  @Test
  void tellsManyClientsApartAndSaysGoodbyeToAll() throws IOException {
    try (NetworkRuntime runtime = runtime();
        Driven client = new Driven(runtime)) {
      int count = 20;
      try (StunServer server = start(ConnectionLimits.STANDARD)) {
        for (int i = 0; i < count; i++) {
          assertAnswers(client, connect(client, 100L * i, server));
        }
        assertEquals(count, server.count(ServerCount.CONNECTIONS));
      }
      for (int i = 0; i < count; i++) {
        assertEquals(CloseCause.FINISHED, client.await(Input.Closed.class).cause());
      }
    }
  }

  @Test
  void endsAssociationsThatFallSilent() throws IOException {
    ConnectionLimits hasty =
        new ConnectionLimits(10, 10, Duration.ofMillis(100), Duration.ofSeconds(10));
    try (StunServer server = start(hasty);
        NetworkRuntime runtime = runtime();
        Driven client = new Driven(runtime)) {
      connect(client, server);
      assertEquals(CloseCause.FINISHED, client.await(Input.Closed.class).cause());
      assertEquals(1, server.count(ServerCount.CONNECTIONS_IDLE));
    }
  }

  private static void beginHandshake(DatagramSocket from, byte[] hello, StunServer server)
      throws IOException {
    byte[] verify = RawDtls.exchange(from, hello, dtls(server));
    byte[] flight = RawDtls.exchange(from, RawDtls.withCookie(hello, verify), dtls(server));
    assertEquals(RawDtls.SERVER_HELLO, flight[RawDtls.MESSAGE_TYPE]);
  }

  @Test
  void whoShowedItsCookieHasAPlace() throws IOException {
    try (StunServer server = start(new ConnectionLimits(1, 1, MINUTE, MINUTE));
        NetworkRuntime runtime = runtime();
        DatagramSocket catcher = new DatagramSocket(0, Loopback.ip("127.0.0.1"));
        DatagramSocket first = new DatagramSocket(0, Loopback.ip("127.0.0.1"));
        DatagramSocket second = new DatagramSocket(0, Loopback.ip("127.0.0.1"))) {
      byte[] hello = RawDtls.clientHello(runtime, catcher);
      beginHandshake(first, hello, server);
      assertEquals(1, server.count(ServerCount.CONNECTIONS));
      second.send(new DatagramPacket(hello, hello.length, dtls(server).toSocketAddress()));
      while (server.count(ServerCount.CONNECTIONS_REFUSED) == 0) {
        Thread.onSpinWait();
      }
      assertEquals(1, server.count(ServerCount.CONNECTIONS));
    }
  }

  @Test
  void aPlaceIsGivenBackByWhoLeavesAndByWhoNeverFinishes() throws IOException {
    ConnectionLimits one = new ConnectionLimits(1, 1, MINUTE, Duration.ofMillis(500));
    try (StunServer server = start(one);
        NetworkRuntime runtime = runtime();
        Driven client = new Driven(runtime);
        DatagramSocket catcher = new DatagramSocket(0, Loopback.ip("127.0.0.1"));
        DatagramSocket stuck = new DatagramSocket(0, Loopback.ip("127.0.0.1"))) {
      beginHandshake(stuck, RawDtls.clientHello(runtime, catcher), server);
      Flow flow = connect(client, server);
      assertAnswers(client, flow);
      client.wants(new Output.Close(flow.id()));
      assertAnswers(client, connect(client, flow.id() + 1, server));
      assertTrue(server.count(ServerCount.CONNECTIONS_BROKEN) >= 1);
    }
  }

  /** Who only claims an address gets less than it sends and keeps nobody out. */
  @Test
  void helloFloodsCostLittleAndKeepNobodyOut() throws IOException {
    ConnectionLimits few = new ConnectionLimits(4, 4, MINUTE, MINUTE);
    try (StunServer server = start(few);
        NetworkRuntime runtime = runtime();
        Driven before = new Driven(runtime);
        Driven after = new Driven(runtime);
        DatagramSocket catcher = new DatagramSocket(0, Loopback.ip("127.0.0.1"))) {
      Flow early = connect(before, server);
      byte[] hello = RawDtls.clientHello(runtime, catcher);
      for (int i = 0; i < 400; i++) {
        try (DatagramSocket forged = new DatagramSocket(0, Loopback.ip("127.0.0.1"))) {
          byte[] answer = RawDtls.exchange(forged, hello, dtls(server));
          assertEquals(RawDtls.HELLO_VERIFY_REQUEST, answer[RawDtls.MESSAGE_TYPE]);
          assertTrue(answer.length < hello.length, "amplified");
        }
      }
      assertAnswers(before, early);
      assertAnswers(after, connect(after, server));
      assertEquals(2, server.count(ServerCount.CONNECTIONS));
      assertTrue(server.count(ServerCount.CONNECTIONS_REFUSED) >= 100);
    }
  }

  @Test
  void aNewCertificateIsForThoseWhoComeAfterIt() throws IOException {
    CertifiedKey next = Certified.selfMade(Keys.generateP256(Certified.RANDOM));
    try (StunServer server = start(ConnectionLimits.STANDARD);
        NetworkRuntime runtime = runtime();
        Driven before = new Driven(runtime);
        Driven after = new Driven(runtime)) {
      Flow early = connect(before, server);
      server.useIdentity(new TlsIdentity(next.privateKey(), next.chain()));
      ServerIdentity pin = new ServerIdentity.PinnedKey(next.pin().sha256());
      after.wants(
          new Output.Open(7, Transport.DTLS, Optional.empty(), dtls(server), Optional.of(pin)));
      assertAnswers(after, after.await(Input.Opened.class).flow());
      assertAnswers(before, early);
      after.wants(open(8, dtls(server)));
      assertEquals(CloseCause.UNTRUSTED, after.await(Input.Closed.class).cause());
    }
  }

  /** RFC 6347 §4.2.1 has a server of DTLS 1.2 say so, else old clients wait for nothing. */
  @Test
  void tellsAClientOfAnOldVersionThatItIsTooOld() throws IOException {
    try (StunServer server = start(ConnectionLimits.STANDARD);
        NetworkRuntime runtime = runtime();
        DatagramSocket catcher = new DatagramSocket(0, Loopback.ip("127.0.0.1"));
        DatagramSocket old = new DatagramSocket(0, Loopback.ip("127.0.0.1"))) {
      byte[] hello = RawDtls.clientHello(runtime, catcher);
      hello[2] = (byte) 0xff;
      hello[26] = (byte) 0xff;
      byte[] answer = RawDtls.exchange(old, hello, dtls(server));
      assertEquals(21, answer[0], "an alert");
      assertEquals(2, answer[13], "a fatal one");
      assertEquals(70, answer[14], "protocol_version");
      assertTrue(answer.length < hello.length, "amplified");
    }
  }
}

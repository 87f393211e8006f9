package dev.culvert.transport.server;

import static dev.culvert.transport.server.RelayServerTest.ANY_PORT;
import static dev.culvert.transport.server.RelayServerTest.noise;
import static dev.culvert.transport.server.UdpAsker.ip;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.identity.CertificateSpec;
import dev.culvert.identity.Certificates;
import dev.culvert.identity.CertifiedKey;
import dev.culvert.identity.Keys;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.Method;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.attribute.Data;
import dev.culvert.stun.attribute.Lifetime;
import dev.culvert.stun.attribute.XorPeerAddress;
import dev.culvert.turn.ChannelData;
import dev.culvert.turn.server.TurnCount;
import java.io.IOException;
import java.net.Socket;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Relaying for clients over TCP and TLS (RFC 8656 §2.1). */
class RelayStreamTest {

  private static TransportAddress tcp(StunServer server) {
    return server.addresses(Transport.TCP).get(0);
  }

  private static void exchange(RelayAsker client, UdpAsker peer) throws IOException {
    TransportAddress relayed = client.allocate();
    client.bind(0x4100, peer.local());
    for (int length : new int[] {1, 2, 3, 4, 160, 1200, 9000, 40_000}) {
      client.sendData(0x4100, noise(length, length));
      UdpAsker.Answer got = peer.receive();
      assertEquals(noise(length, length), got.wire());
      assertEquals(relayed, got.from());
      peer.send(noise(length, -length), relayed);
      assertEquals(noise(length, -length), client.receiveData().data());
    }
    for (int i = 0; i < 300; i++) {
      client.sendData(0x4100, noise(i % 200, i));
    }
    for (int i = 0; i < 300; i++) {
      if (i % 200 != 0) {
        assertEquals(noise(i % 200, i), peer.receive().wire());
      } else if (peer.receive().wire().length() != 0) {
        throw new AssertionError("an empty datagram was to come");
      }
    }
    StunMessage send =
        StunMessage.indication(
            Method.SEND,
            TransactionId.random(new Random(2)),
            new XorPeerAddress(peer.local()),
            new Data(noise(50, 3)));
    client.send(StunCodec.encode(send));
    assertEquals(noise(50, 3), peer.receive().wire());
  }

  @Test
  void relaysForClientsOverTcp() throws IOException {
    try (StunServer server = RelayServerTest.start(false, 2);
        RelayAsker client = RelayAsker.tcp(tcp(server));
        UdpAsker peer = new UdpAsker("127.0.0.1")) {
      exchange(client, peer);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void takesFramesThatAreCutAnywhere(boolean nio) throws IOException {
    try (StunServer server = RelayServerTest.start(nio, 1);
        UdpAsker peer = new UdpAsker("127.0.0.1");
        RelayAsker client = RelayAsker.tcp(tcp(server))) {
      client.allocate();
      client.bind(0x4000, peer.local());
      Bytes first = new ChannelData(0x4000, noise(5, 1)).encodePadded();
      Bytes request =
          client.request(TransactionId.random(new Random(9)), Method.REFRESH, new Lifetime(600));
      Bytes last = new ChannelData(0x4000, noise(2, 2)).encodePadded();
      Bytes stream = first.concat(request).concat(last);
      for (int cut = 0; cut <= stream.length(); cut++) {
        client.sendRaw(stream.slice(0, cut));
        // Another client's answer says that the server had time to read the first part.
        TcpAsker.ask(tcp(server));
        client.sendRaw(stream.slice(cut));
        assertEquals(noise(5, 1), peer.receive().wire());
        assertEquals(noise(2, 2), peer.receive().wire());
        assertEquals(Method.REFRESH, RelayAsker.decode(client.receive()).method());
      }
    }
  }

  @Test
  void endsTheAllocationWithTheConnection() throws Exception {
    try (StunServer server = RelayServerTest.start(false, 2)) {
      TransportAddress relayed;
      try (RelayAsker client = RelayAsker.tcp(tcp(server))) {
        relayed = client.allocate();
        assertEquals(1, server.allocations());
      }
      for (int attempt = 0; attempt < 1000 && !UdpAsker.isFree(relayed); attempt++) {
        Thread.sleep(10);
      }
      assertTrue(UdpAsker.isFree(relayed));
      assertEquals(0, server.allocations());
    }
  }

  @Test
  void keepsAConnectionWithAnAllocationHoweverSilent() throws Exception {
    StunServerConfig config =
        StunServerConfig.of(List.of(StunListener.plain(ANY_PORT)))
            .withRelay(RelayServerTest.service())
            .withLimits(
                RateLimit.STANDARD,
                new ConnectionLimits(10, 10, Duration.ofMillis(300), Duration.ofSeconds(5)));
    try (StunServer server = StunServer.start(config);
        RelayAsker client = allocated(tcp(server));
        UdpAsker peer = new UdpAsker("127.0.0.1");
        TcpAsker idle = TcpAsker.to(tcp(server))) {
      client.bind(0x4000, peer.local());
      TcpAsker second = TcpAsker.to(tcp(server));
      idle.receiveAll();
      second.receiveAll();
      client.sendData(0x4000, noise(9, 9));
      assertEquals(noise(9, 9), peer.receive().wire());
      client.ask(Method.REFRESH, new Lifetime(0));
      assertEquals(0, server.allocations());
    }
  }

  /**
   * A client with an allocation, at whichever attempt it was quicker than the server's patience.
   */
  private static RelayAsker allocated(TransportAddress server) throws IOException {
    for (int attempt = 1; ; attempt++) {
      RelayAsker client = RelayAsker.tcp(server);
      try {
        client.allocate();
        return client;
      } catch (IOException late) {
        client.close();
        if (attempt == 20) {
          throw late;
        }
      }
    }
  }

  @Test
  void losesDatagramsOfAClientThatDoesNotReadAndKeepsLittle() throws IOException {
    try (StunServer server = RelayServerTest.start(false, 1);
        RelayAsker client = RelayAsker.tcp(tcp(server));
        RelayAsker other = RelayAsker.tcp(tcp(server));
        UdpAsker peer = new UdpAsker("127.0.0.1")) {
      TransportAddress relayed = client.allocate();
      client.bind(0x4000, peer.local());
      other.allocate();
      other.bind(0x4000, peer.local());
      int sent = 0;
      while (server.count(ServerCount.DROPPED_UNSENT) < 100) {
        for (int i = 0; i < 20; i++) {
          peer.send(noise(8000, sent++), relayed);
        }
        assertTrue(sent < 100_000, "the server keeps it all");
        // Others are served meanwhile.
        other.sendData(0x4000, noise(10, sent));
        assertEquals(noise(10, sent), peer.receive().wire());
      }
      // What the client does get is whole and in order, and its requests are answered.
      int last = -1;
      for (int i = 0; i < 50; i++) {
        Bytes data = client.receiveData().data();
        do {
          last++;
        } while (last < sent && !noise(8000, last).equals(data));
        assertTrue(last < sent);
      }
      client.ask(Method.REFRESH, new Lifetime(600));
    }
  }

  @Test
  void breaksOffWhatIsNoMessage() throws IOException {
    try (StunServer server = RelayServerTest.start(false, 1)) {
      for (String bad :
          List.of(
              "8000000400000000", // beyond the channel numbers of RFC 5766 too
              "ff00000400000000", // neither kind
              "00030004000000000000000000000000000000000000000000", // no magic cookie
              "00030803")) {
        try (TcpAsker asker = TcpAsker.to(tcp(server))) {
          asker.send(Bytes.hex(bad));
          assertTrue(asker.isEnded(), bad);
        }
      }
      try (RelayAsker asker = RelayAsker.tcp(tcp(server))) {
        // Data without an allocation is dropped, for it may be late.
        asker.sendData(0x4000, noise(100, 1));
        asker.allocate();
      }
      try (TcpAsker asker = TcpAsker.to(tcp(server))) {
        // But nobody without an allocation may have the server keep much.
        asker.send(Bytes.hex("4000ffff"));
        assertTrue(asker.isEnded());
      }
    }
  }

  @Test
  void relaysOverTlsAndGivesUpHalfOpenOnes() throws Exception {
    SecureRandom random = new SecureRandom();
    Instant now = Instant.now();
    CertificateSpec spec =
        new CertificateSpec(
            List.of(), List.of(ip("127.0.0.1")), now.minusSeconds(60), now.plusSeconds(600), false);
    CertifiedKey key = Certificates.selfMade(Keys.generateP256(random), spec, random);
    StunServerConfig config =
        StunServerConfig.of(
                List.of(new StunListener(ANY_PORT, Optional.empty(), EnumSet.of(Transport.TLS))),
                Optional.of(new TlsIdentity(key.privateKey(), key.chain())))
            .withRelay(RelayServerTest.service())
            .withLimits(
                RateLimit.STANDARD,
                new ConnectionLimits(20, 20, Duration.ofSeconds(30), Duration.ofSeconds(4)));
    try (StunServer server = StunServer.start(config);
        UdpAsker peer = new UdpAsker("127.0.0.1")) {
      TransportAddress address = server.addresses(Transport.TLS).get(0);
      try (Socket halfOpen = new Socket(address.ip(), address.port());
          RelayAsker client =
              new RelayAsker(
                  new RelayAsker.StreamWire(
                      trusting(key)
                          .getSocketFactory()
                          .createSocket(address.ip(), address.port())))) {
        exchange(client, peer);
        halfOpen.getOutputStream().write(new byte[] {0x16, 3, 1, 2});
        halfOpen.setSoTimeout(60_000);
        halfOpen.getInputStream().readAllBytes();
        assertEquals(1, server.allocations());
      }
      assertTrue(server.relayCounts().getOrDefault(TurnCount.TO_PEERS, 0L) > 300);
    }
  }

  private static SSLContext trusting(CertifiedKey key) throws Exception {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    store.setCertificateEntry("server", key.certificate());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}

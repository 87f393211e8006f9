package dev.culvert.transport.server;

import static dev.culvert.transport.server.UdpAsker.ip;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.Method;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.attribute.Data;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.Lifetime;
import dev.culvert.stun.attribute.RequestedTransport;
import dev.culvert.stun.attribute.XorPeerAddress;
import dev.culvert.turn.server.IpPrefix;
import dev.culvert.turn.server.PeerPolicy;
import dev.culvert.turn.server.PortRange;
import dev.culvert.turn.server.RelayAddress;
import dev.culvert.turn.server.RelayResources;
import dev.culvert.turn.server.TurnLimits;
import dev.culvert.turn.server.TurnServerConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Relaying over UDP: requests, indications and channels on real sockets. */
class RelayServerTest {
  static final TransportAddress ANY_PORT = new TransportAddress(ip("127.0.0.1"), 0);

  /** Not those that systems hand out, which other tests are given. */
  private static final PortRange PORTS = new PortRange(20_000, 29_999);

  // Tests run at once, and should not all ask for the same ports.
  private static final AtomicInteger SEED = new AtomicInteger(4);

  static RelayService service() {
    PeerPolicy policy =
        PeerPolicy.standard()
            .allowing(IpPrefix.parse("127.0.0.0/8").orElseThrow())
            .allowing(IpPrefix.parse("::1").orElseThrow());
    TurnServerConfig standard = TurnServerConfig.standard();
    TurnServerConfig config =
        new TurnServerConfig(
            policy,
            standard.limits(),
            standard.lifetime(),
            standard.maxLifetime(),
            standard.dontFragment(),
            standard.tcpAllocations(),
            standard.alternates());
    InetAddress local = ip("127.0.0.1");
    RelayResources resources =
        new RelayResources(
            List.of(RelayAddress.of(local)),
            PORTS,
            TurnLimits.STANDARD,
            new Random(SEED.getAndIncrement()));
    TestUsers users = new TestUsers();
    return new RelayService(config, resources, users, users);
  }

  static StunServer start(boolean nio, int threads) throws IOException {
    StunServerConfig config =
        StunServerConfig.of(List.of(StunListener.plain(ANY_PORT)))
            .withThreads(threads)
            .withRelay(service());
    return StunServer.start(nio ? config.withNioOnly() : config);
  }

  private static TransportAddress udp(StunServer server) {
    return server.addresses(Transport.UDP).get(0);
  }

  static Bytes noise(int length, int seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return Bytes.wrap(bytes);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void carriesChannelDataBothWays(boolean nio) throws IOException {
    try (StunServer server = start(nio, 2);
        RelayAsker client = RelayAsker.udp(udp(server));
        UdpAsker peer = new UdpAsker("127.0.0.1")) {
      TransportAddress relayed = client.allocate();
      client.bind(0x4abc, peer.local());
      for (int length : new int[] {nio ? 1 : 0, 1, 3, 160, 1200, 1472, 2108, 2109, 9000, 65_000}) {
        Bytes up = noise(length, length);
        client.sendData(0x4abc, up);
        UdpAsker.Answer got = peer.receive();
        assertEquals(up, got.wire());
        assertEquals(relayed, got.from());
        Bytes down = noise(length, length + 1);
        peer.send(down, relayed);
        assertEquals(down, client.receiveData().data());
      }
      assertEquals(1, server.allocations());
      client.ask(Method.REFRESH, new Lifetime(0));
      assertEquals(0, server.allocations());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void keepsBurstsWholeAndInOrder(boolean nio) throws IOException {
    try (StunServer server = start(nio, 1);
        RelayAsker client = RelayAsker.udp(udp(server));
        UdpAsker peer = new UdpAsker("127.0.0.1");
        UdpAsker other = new UdpAsker("127.0.0.1")) {
      TransportAddress relayed = client.allocate();
      client.bind(0x4000, peer.local());
      client.bind(0x4001, other.local());
      Random random = new Random(3);
      for (int round = 0; round < 20; round++) {
        int[] lengths = random.ints(100, 0, 3).map(i -> new int[] {160, 160, 100}[i]).toArray();
        for (int i = 0; i < 100; i++) {
          client.sendData(i % 7 == 0 ? 0x4001 : 0x4000, noise(lengths[i], i));
        }
        for (int i = 0; i < 100; i++) {
          assertEquals(noise(lengths[i], i), (i % 7 == 0 ? other : peer).receive().wire());
        }
        for (int i = 0; i < 100; i++) {
          (i % 7 == 0 ? other : peer).send(noise(lengths[i], i), relayed);
        }
        int[] next = {1, 0};
        for (int i = 0; i < 100; i++) {
          var data = client.receiveData();
          int from = data.channel() - 0x4000;
          while ((next[from] % 7 == 0) != (from == 1)) {
            next[from]++;
          }
          assertEquals(noise(lengths[next[from]], next[from]), data.data());
          next[from]++;
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void carriesIndicationsWherePermitted(boolean nio) throws IOException {
    try (StunServer server = start(nio, 2);
        RelayAsker client = RelayAsker.udp(udp(server));
        UdpAsker peer = new UdpAsker("127.0.0.1");
        UdpAsker stranger = new UdpAsker("127.0.0.2")) {
      TransportAddress relayed = client.allocate();
      client.permit(peer.local());
      TransactionId id = TransactionId.random(new Random(1));
      StunMessage send =
          StunMessage.indication(
              Method.SEND, id, new XorPeerAddress(peer.local()), new Data(noise(777, 1)));
      client.send(StunCodec.encode(send));
      UdpAsker.Answer got = peer.receive();
      assertEquals(noise(777, 1), got.wire());
      assertEquals(relayed, got.from());
      stranger.send(noise(10, 1), relayed);
      peer.send(noise(300, 2), relayed);
      StunMessage data = RelayAsker.decode(client.receive());
      assertEquals(Method.DATA, data.method());
      assertEquals(noise(300, 2), data.first(Data.class).orElseThrow().payload());
      assertEquals(peer.local(), data.first(XorPeerAddress.class).orElseThrow().address());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void relaysTwoClientsToEachOtherOnAnyLoop(boolean nio) throws IOException {
    try (StunServer server = start(nio, 3)) {
      for (int i = 0; i < 8; i++) {
        try (RelayAsker one = RelayAsker.udp(udp(server));
            RelayAsker two = RelayAsker.udp(udp(server))) {
          TransportAddress first = one.allocate();
          TransportAddress second = two.allocate();
          one.bind(0x4001, second);
          two.bind(0x4002, first);
          one.sendData(0x4001, noise(500, i));
          assertEquals(noise(500, i), two.receiveData().data());
          two.sendData(0x4002, noise(900, i));
          assertEquals(noise(900, i), one.receiveData().data());
        }
      }
      assertTrue(server.count(ServerCount.RELAY) >= 8 * 8);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void closesRelaySocketsWhenAllocationsEnd(boolean nio) throws Exception {
    try (StunServer server = start(nio, 1)) {
      TransportAddress[] relayed = new TransportAddress[20];
      for (int i = 0; i < relayed.length; i++) {
        try (RelayAsker client = RelayAsker.udp(udp(server))) {
          relayed[i] = client.allocate();
          client.ask(Method.REFRESH, new Lifetime(0));
        }
      }
      assertEquals(0, server.allocations());
      for (TransportAddress gone : relayed) {
        // The server's socket is closed or about to be.
        for (int attempt = 0; attempt < 1000 && !UdpAsker.isFree(gone); attempt++) {
          Thread.sleep(10);
        }
        assertTrue(UdpAsker.isFree(gone), gone.toString());
      }
    }
  }

  @Test
  void drainsWhenTheLastAllocationEnds() throws Exception {
    StunServer server = start(false, 2);
    try (RelayAsker client = RelayAsker.udp(udp(server));
        RelayAsker late = RelayAsker.udp(udp(server));
        UdpAsker peer = new UdpAsker("127.0.0.1")) {
      client.allocate();
      client.bind(0x4000, peer.local());
      Thread drainer = new Thread(() -> server.drain(Duration.ofSeconds(60)));
      drainer.start();
      StunMessage refused;
      do {
        refused = late.ask(Method.ALLOCATE, new RequestedTransport(17));
        late.ask(Method.REFRESH, new Lifetime(0));
      } while (refused.first(ErrorCode.class).isEmpty());
      assertEquals(
          ErrorCode.INSUFFICIENT_CAPACITY, refused.first(ErrorCode.class).orElseThrow().code());
      client.sendData(0x4000, noise(100, 1));
      assertEquals(noise(100, 1), peer.receive().wire());
      client.ask(Method.REFRESH, new Lifetime(0));
      drainer.join();
      assertEquals(0, server.allocations());
    } finally {
      server.close();
    }
  }
}

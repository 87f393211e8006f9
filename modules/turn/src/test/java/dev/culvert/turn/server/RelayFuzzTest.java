package dev.culvert.turn.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.Method;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.attribute.AdditionalAddressFamily;
import dev.culvert.stun.attribute.AddressFamily;
import dev.culvert.stun.attribute.Attribute;
import dev.culvert.stun.attribute.ChannelNumber;
import dev.culvert.stun.attribute.Data;
import dev.culvert.stun.attribute.EvenPort;
import dev.culvert.stun.attribute.Lifetime;
import dev.culvert.stun.attribute.XorPeerAddress;
import dev.culvert.turn.ChannelData;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Clients and peers that do anything in any order, and what must hold whatever they do: the test
 * keeps its own book of who was permitted what until when, from the responses alone.
 */
final class RelayFuzzTest {
  private static final int STEPS = 1500;

  private final List<TransportAddress> peers =
      List.of(
          RelayFixture.address("20.9.9.1", 7000),
          RelayFixture.address("20.9.9.1", 7001),
          RelayFixture.address("20.9.9.2", 7000),
          RelayFixture.address("2a00::1", 7000),
          RelayFixture.address("10.0.0.1", 7000),
          RelayFixture.SERVER);

  /** Until when a client's peer, by IP address, is permitted, and by port bound to a channel. */
  private final Map<Object, Long> until = new HashMap<>();

  private RelayFixture relay = new RelayFixture();
  private List<RelayClient> clients = List.of();
  private Random random = new Random(0);
  private int relayed;

  static LongStream seeds() {
    return LongStream.range(0, Long.getLong("relay.fuzz.seeds", 20));
  }

  @ParameterizedTest(name = "rerun: -Drelay.fuzz.seeds={0}+1")
  @MethodSource("seeds")
  void keepsItsPromises(long seed) {
    random = new Random(seed);
    RelayFixture.Settings settings = new RelayFixture.Settings();
    settings.seed = seed;
    settings.ports = new PortRange(50000, 50000 + random.nextInt(40));
    relay = new RelayFixture(settings);
    List<RelayClient> all = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      all.add(relay.udp("20.0.0." + (1 + i % 3), 5000 + i));
      all.add(relay.connect(i % 2 == 0 ? Transport.TCP : Transport.DTLS, "20.0.1.1", 6000 + i));
    }
    clients = all;
    for (int step = 0; step < STEPS; step++) {
      step();
      check();
    }
    assertTrue(relayed > 0, "nothing was relayed at all");
    relay.pass(Duration.ofHours(2));
    assertEquals(0, relay.server.allocations());
    assertEquals(Map.of(), relay.open);
    assertEquals(0, relay.resources.reservations());
    assertEquals(0, relay.resources.quotas().shares());
    assertTrue(relay.server.nextDeadline().isEmpty(), "something is still to be done");
    for (TransportAddress peer : peers) {
      assertEquals(List.of(), relay.takeSentTo(peer));
    }
  }

  private void step() {
    RelayClient client = clients.get(random.nextInt(clients.size()));
    TransportAddress peer = peers.get(random.nextInt(peers.size()));
    int channel = 0x3fff + random.nextInt(4);
    switch (random.nextInt(12)) {
      case 0 -> allocate(client);
      case 1 -> refresh(client, random.nextInt(4) == 0 ? 0 : 300 + random.nextInt(4000));
      case 2, 3 -> permit(client, peer);
      case 4, 5 -> bind(client, channel, peer);
      case 6 -> {
        client.sendIndication(peer, Bytes.utf8("up"));
        expectOnlyPermitted(client);
      }
      case 7 -> {
        if (ChannelData.isChannel(channel)) {
          client.sendChannel(channel, Bytes.utf8("up"));
          expectOnlyPermitted(client);
        }
      }
      case 8, 9 -> fromPeer(peer);
      case 10 -> relay.pass(Duration.ofSeconds(random.nextInt(120)));
      default -> garbage(client);
    }
  }

  private void allocate(RelayClient client) {
    List<Attribute> wanted = new ArrayList<>(List.of(RelayClient.UDP));
    switch (random.nextInt(4)) {
      case 0 -> wanted.add(new EvenPort(random.nextBoolean()));
      case 1 -> wanted.add(new AdditionalAddressFamily(AddressFamily.IPV6));
      default -> {}
    }
    StunMessage response = client.request(Method.ALLOCATE, wanted.toArray(Attribute[]::new));
    if (response.messageClass() == MessageClass.SUCCESS_RESPONSE) {
      until.put(client, end(response));
    }
  }

  private void refresh(RelayClient client, long seconds) {
    StunMessage response = client.request(Method.REFRESH, new Lifetime(seconds));
    if (response.messageClass() == MessageClass.SUCCESS_RESPONSE) {
      until.put(client, end(response));
      if (seconds == 0) {
        until.keySet().removeIf(key -> key instanceof List<?> entry && entry.get(0) == client);
      }
    }
  }

  private long end(StunMessage response) {
    return relay.nanos
        + Duration.ofSeconds(response.first(Lifetime.class).orElseThrow().seconds()).toNanos();
  }

  private void permit(RelayClient client, TransportAddress peer) {
    StunMessage response = client.request(Method.CREATE_PERMISSION, new XorPeerAddress(peer));
    if (response.messageClass() == MessageClass.SUCCESS_RESPONSE) {
      until.put(List.of(client, peer.ip()), relay.nanos + Permission.LIFETIME_NANOS);
    }
  }

  private void bind(RelayClient client, int channel, TransportAddress peer) {
    if (client.tryBind(channel, peer).messageClass() == MessageClass.SUCCESS_RESPONSE) {
      until.put(List.of(client, peer.ip()), relay.nanos + Permission.LIFETIME_NANOS);
      until.put(List.of(client, peer), relay.nanos + ChannelBinding.LIFETIME_NANOS);
    }
  }

  private boolean holds(Object what) {
    return until.getOrDefault(what, Long.MIN_VALUE) > relay.nanos;
  }

  private void expectOnlyPermitted(RelayClient client) {
    for (TransportAddress peer : peers) {
      int count = relay.takeSentTo(peer).size();
      relayed += count;
      boolean permitted =
          holds(client) && (holds(List.of(client, peer.ip())) || holds(List.of(client, peer)));
      assertTrue(count == 0 || permitted, () -> "relayed to " + peer + " without permission");
    }
  }

  private void fromPeer(TransportAddress peer) {
    for (Map.Entry<Long, TransportAddress> socket : Map.copyOf(relay.open).entrySet()) {
      Flow flow = new Flow(socket.getKey(), Transport.UDP, socket.getValue(), peer);
      relay.receive(flow, Bytes.utf8("down"));
      for (RelayClient client : clients) {
        for (Bytes bytes : relay.takeSentTo(client.address())) {
          relayed++;
          assertTrue(holds(client), "to a client without allocation");
          assertTrue(holds(List.of(client, peer.ip())), () -> "from " + peer);
          boolean channelData = ChannelData.beginsWith(bytes.at(0));
          assertTrue(!channelData || holds(List.of(client, peer)), "a channel that is over");
          assertTrue(
              channelData
                  || StunCodec.decode(bytes).packet().orElseThrow().message().has(Data.class));
        }
      }
    }
  }

  private void garbage(RelayClient client) {
    byte[] bytes =
        client
            .signed(
                random.nextBoolean() ? Method.ALLOCATE : Method.CHANNEL_BIND,
                RelayClient.newId(),
                RelayClient.UDP,
                new ChannelNumber(0x4000),
                new XorPeerAddress(peers.get(0)))
            .toByteArray();
    for (int i = random.nextInt(4); i >= 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
    if (client.flow.transport() == Transport.UDP) {
      relay.receive(client.flow, Bytes.wrap(bytes).slice(0, random.nextInt(bytes.length + 1)));
      int answers = relay.takeSentTo(client.address()).size();
      assertTrue(answers <= 1, "more than one answer to garbage");
    }
  }

  private void check() {
    for (Output.Send send : relay.sent) {
      assertTrue(
          peers.subList(4, 6).stream().noneMatch(send.flow().remote()::equals),
          "sent to a forbidden peer");
    }
    relay.sent.clear();
    long standing = clients.stream().filter(this::holds).count();
    assertEquals(standing, relay.server.allocations());
  }
}

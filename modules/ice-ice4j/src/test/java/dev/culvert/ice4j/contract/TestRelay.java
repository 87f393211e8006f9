package dev.culvert.ice4j.contract;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.LongTermCredential;
import dev.culvert.transport.server.RelayService;
import dev.culvert.transport.server.StunListener;
import dev.culvert.transport.server.StunServer;
import dev.culvert.transport.server.StunServerConfig;
import dev.culvert.turn.auth.RelayRealm;
import dev.culvert.turn.auth.StatelessNonces;
import dev.culvert.turn.auth.StaticUser;
import dev.culvert.turn.auth.StaticUsers;
import dev.culvert.turn.server.IpPrefix;
import dev.culvert.turn.server.PeerPolicy;
import dev.culvert.turn.server.PortRange;
import dev.culvert.turn.server.RelayAddress;
import dev.culvert.turn.server.RelayResources;
import dev.culvert.turn.server.TurnLimits;
import dev.culvert.turn.server.TurnServerConfig;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Our own relay, over UDP. */
final class TestRelay implements AutoCloseable {
  static final LongTermCredential USER = new LongTermCredential("alice", "wonderland");

  private static final IpPrefix DOCUMENTS = IpPrefix.parse("203.0.113.0/24").orElseThrow();

  private final StunServer server;

  /** One that relays to the other hosts of these tests. */
  TestRelay() {
    this(TurnServerConfig.standard().policy().allowing(DOCUMENTS));
  }

  /** One that refuses them as peers. */
  static TestRelay refusing() {
    return new TestRelay(TurnServerConfig.standard().policy());
  }

  private TestRelay(PeerPolicy policy) {
    TurnServerConfig standard = TurnServerConfig.standard();
    TurnServerConfig config =
        new TurnServerConfig(
            policy,
            TurnLimits.STANDARD,
            standard.lifetime(),
            standard.maxLifetime(),
            standard.dontFragment(),
            standard.tcpAllocations(),
            standard.alternates());
    RelayService service =
        new RelayService(
            config,
            new RelayResources(
                List.of(RelayAddress.of(Net.RELAY)),
                PortRange.DYNAMIC,
                TurnLimits.STANDARD,
                new Random()),
            new StaticUsers(
                new RelayRealm("example.org"),
                List.of(StaticUser.withPassword("alice", "wonderland"))),
            new StatelessNonces(Bytes.wrap(new byte[16]), Clock.systemUTC(), Duration.ofHours(1)));
    try {
      server =
          StunServer.start(
              StunServerConfig.of(
                      List.of(StunListener.plain(new TransportAddress(Net.RELAY, 0))),
                      Optional.empty())
                  .withRelay(service));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  TransportAddress address() {
    return server.addresses(Transport.UDP).get(0);
  }

  /** How many allocations there are. */
  int allocations() throws Exception {
    return server.supervision().allocations(0, 100).get(60, TimeUnit.SECONDS).size();
  }

  /** How many requests it refused with this code. */
  long refusals(int code) {
    return server.supervision().refusals().getOrDefault(code, 0L);
  }

  @Override
  public void close() {
    server.close();
  }
}

package dev.culvert.ice4j.contract;

import dev.culvert.ice.engine.IceEngine;
import dev.culvert.ice4j.Ice4jConfig;
import dev.culvert.ice4j.Ice4jEngine;
import dev.culvert.ice4j.Ice4jRelay;
import dev.culvert.peer.SessionEngine;
import dev.culvert.sansio.Transport;
import dev.culvert.session.LocalAddress;
import dev.culvert.session.NamedServer;
import dev.culvert.session.Relay;
import dev.culvert.session.SessionConfig;
import dev.culvert.transport.NetworkRuntime;
import dev.culvert.turn.client.TurnClientConfig;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The engines. */
enum Kind {
  CULVERT {
    @Override
    IceEngine make(List<InetAddress> addresses, Optional<TestRelay> relay) {
      SessionConfig plain =
          SessionConfig.of(addresses.stream().map(ip -> new LocalAddress("lo", ip)).toList())
              .withPatience(PATIENCE);
      return SessionEngine.start(
          RUNTIME,
          relay
              .map(
                  its ->
                      plain
                          .asking(List.of(new NamedServer("relay", its.address())))
                          .relaying(
                              List.of(
                                  new Relay(
                                      "relay",
                                      TurnClientConfig.of(
                                          its.address(), Transport.UDP, TestRelay.USER)))))
              .orElse(plain));
    }
  },
  ICE4J {
    @Override
    IceEngine make(List<InetAddress> addresses, Optional<TestRelay> relay) {
      Ice4jConfig plain = Ice4jConfig.of(addresses).withPatience(PATIENCE);
      return Ice4jEngine.start(
          relay
              .map(
                  its ->
                      plain
                          .asking(List.of(its.address()))
                          .relaying(List.of(new Ice4jRelay(its.address(), TestRelay.USER))))
              .orElse(plain));
    }
  };

  /** For relays, where the machine has much else to do. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final NetworkRuntime RUNTIME = NetworkRuntime.create();

  /** An engine with sockets on these addresses, and a relay that serves STUN, too. */
  abstract IceEngine make(List<InetAddress> addresses, Optional<TestRelay> relay);
}

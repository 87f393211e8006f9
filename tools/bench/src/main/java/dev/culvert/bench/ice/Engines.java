package dev.culvert.bench.ice;

import dev.culvert.ice.engine.IceEngine;
import dev.culvert.ice4j.Ice4jConfig;
import dev.culvert.ice4j.Ice4jEngine;
import dev.culvert.ice4j.Ice4jRelay;
import dev.culvert.peer.SessionEngine;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.session.LocalAddress;
import dev.culvert.session.NamedServer;
import dev.culvert.session.Relay;
import dev.culvert.session.SessionConfig;
import dev.culvert.stun.LongTermCredential;
import dev.culvert.transport.NetworkRuntime;
import dev.culvert.turn.client.TurnClientConfig;
import java.net.InetAddress;
import java.util.List;

/** Starts engines of one kind, all with the same addresses and servers. */
interface Engines {
  /** Starts the next one. */
  IceEngine start();

  /**
   * Engines as the command line of {@link IcePeer} has them.
   *
   * @param words engine, address of this host, then where there are any the address of a STUN
   *     server, and a user and a password for it as a relay
   */
  static Engines of(String[] words) {
    InetAddress own = address(words[1]);
    List<TransportAddress> servers =
        words.length > 2 ? List.of(new TransportAddress(address(words[2]), 3478)) : List.of();
    List<LongTermCredential> users =
        words.length > 4 ? List.of(new LongTermCredential(words[3], words[4])) : List.of();
    return words[0].equals("ice4j") ? ice4j(own, servers, users) : ours(own, servers, users);
  }

  private static Engines ours(
      InetAddress own, List<TransportAddress> servers, List<LongTermCredential> users) {
    SessionConfig config =
        SessionConfig.of(List.of(new LocalAddress("eth0", own)))
            .asking(servers.stream().map(server -> new NamedServer("server", server)).toList())
            .relaying(
                users.stream()
                    .map(user -> TurnClientConfig.of(servers.get(0), Transport.UDP, user))
                    .map(relay -> new Relay("server", relay))
                    .toList());
    NetworkRuntime runtime = NetworkRuntime.create();
    return () -> SessionEngine.start(runtime, config);
  }

  private static Engines ice4j(
      InetAddress own, List<TransportAddress> servers, List<LongTermCredential> users) {
    Ice4jConfig config =
        Ice4jConfig.of(List.of(own))
            .asking(servers)
            .relaying(users.stream().map(user -> new Ice4jRelay(servers.get(0), user)).toList());
    return () -> Ice4jEngine.start(config);
  }

  private static InetAddress address(String text) {
    return IpLiterals.parse(text).orElseThrow();
  }
}

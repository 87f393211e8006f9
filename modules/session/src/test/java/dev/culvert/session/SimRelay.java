package dev.culvert.session;

import dev.culvert.lab.world.SimWorld;
import dev.culvert.natsim.Host;
import dev.culvert.natsim.Link;
import dev.culvert.natsim.Resident;
import dev.culvert.natsim.World;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.LongTermCredential;
import dev.culvert.turn.auth.RelayRealm;
import dev.culvert.turn.auth.StatelessNonces;
import dev.culvert.turn.auth.StaticUser;
import dev.culvert.turn.auth.StaticUsers;
import dev.culvert.turn.client.TurnClientConfig;
import dev.culvert.turn.server.IpPrefix;
import dev.culvert.turn.server.PeerPolicy;
import dev.culvert.turn.server.PortRange;
import dev.culvert.turn.server.RelayAddress;
import dev.culvert.turn.server.RelayResources;
import dev.culvert.turn.server.ResponseGate;
import dev.culvert.turn.server.TurnLimits;
import dev.culvert.turn.server.TurnMachine;
import dev.culvert.turn.server.TurnServer;
import dev.culvert.turn.server.TurnServerConfig;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** A relay and STUN server on a simulated host: the engine that the node runs. */
final class SimRelay {
  private static final String REALM = "sim.invalid";
  static final String USER = "somebody";
  static final String PASSWORD = "secret";

  /** Documentation addresses are a simulator's public Internet. */
  private static final PeerPolicy PUBLIC =
      PeerPolicy.standard()
          .allowing(IpPrefix.parse("198.51.100.0/24").orElseThrow())
          .allowing(IpPrefix.parse("203.0.113.0/24").orElseThrow())
          .allowing(IpPrefix.parse("192.0.2.0/24").orElseThrow());

  private static final TurnServerConfig CONFIG =
      new TurnServerConfig(
          PUBLIC,
          TurnLimits.STANDARD,
          TurnServerConfig.STANDARD_LIFETIME,
          TurnServerConfig.STANDARD_MAX_LIFETIME,
          true,
          true,
          List.of());

  final TransportAddress address;
  final TurnServer engine;
  private final World world;
  private final Host host;
  private final String name;
  private final String password;
  private final Resident<TurnMachine.Event> seat;

  private SimRelay(World world, Host host, String name, InetAddress ip) {
    this(world, host, name, ip, PASSWORD);
  }

  private SimRelay(World world, Host host, String name, InetAddress ip, String password) {
    this.world = world;
    this.host = host;
    this.name = name;
    this.password = password;
    this.address = new TransportAddress(ip, 3478);
    RelayResources resources =
        new RelayResources(
            List.of(RelayAddress.of(ip)), PortRange.DYNAMIC, CONFIG.limits(), world.newRandom());
    resources.ownAddresses(Set.of(ip));
    this.engine =
        new TurnServer(
            CONFIG,
            resources,
            new StaticUsers(
                new RelayRealm(REALM), List.of(StaticUser.withPassword(USER, password))),
            new StatelessNonces(
                Bytes.utf8("nobody in here guesses " + password),
                () -> Instant.EPOCH.plusNanos(world.now().nanos()),
                Duration.ofHours(1)),
            ResponseGate.OPEN,
            world.newRandom());
    this.seat = host.run(new TurnMachine(engine, List.of(address), List.of()), event -> {});
    seat.listen(Transport.TCP, address);
  }

  /** Runs on the first address of a host of a lab. */
  static SimRelay on(SimWorld lab, String name) {
    return new SimRelay(
        lab.world(), lab.host(name), name, lab.addresses().getOrDefault(name, List.of()).get(0));
  }

  /** Runs on a host of its own. */
  static SimRelay on(World world, Link line, InetAddress ip) {
    return on(world, "relay", line, ip);
  }

  /** Runs on a host of that name of its own. */
  static SimRelay on(World world, String name, Link line, InetAddress ip) {
    return new SimRelay(world, world.internet().host(name, line, ip), name, ip);
  }

  /** To be asked what one looks like from outside. */
  NamedServer stun() {
    return new NamedServer("stun " + name, address);
  }

  /** To be asked for an allocation. */
  Relay over(Transport transport) {
    LongTermCredential credential = new LongTermCredential(USER, password);
    return new Relay(name + " " + transport, TurnClientConfig.of(address, transport, credential));
  }

  /** With which it is used. */
  String password() {
    return password;
  }

  /** It is gone, and nobody says goodbye. */
  void stop() {
    seat.stop();
  }

  /** Once it was stopped: the same one, which knows nobody any more. */
  SimRelay again() {
    return new SimRelay(world, host, name, address.ip(), password);
  }

  /** The same, with another password. */
  SimRelay anew() {
    return new SimRelay(world, host, name, address.ip(), password + " anew");
  }
}

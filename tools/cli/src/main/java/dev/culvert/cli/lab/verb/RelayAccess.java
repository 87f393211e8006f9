package dev.culvert.cli.lab.verb;

import dev.culvert.cli.lab.relay.RelayPlan;
import dev.culvert.lab.LabException;
import dev.culvert.lab.world.LabWorld;
import dev.culvert.lab.world.SimWorld;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.ServerIdentity;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.LongTermCredential;
import dev.culvert.turn.client.TurnClientConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * How clients in a lab reach a relay, and who they say they are.
 *
 * @param ways how to speak to the relay, in the order to try
 * @param user a name
 * @param password its password
 * @param pin the key that the relay has over TLS and DTLS; empty: that of the lab's nodes
 */
record RelayAccess(List<Way> ways, String user, String password, Optional<String> pin) {
  /** The options that {@link #of} reads. */
  static final Set<String> OPTIONS = Set.of("--server", "--over", "--user", "--password", "--pin");

  /**
   * A way to speak to a relay.
   *
   * @param over how
   * @param server where
   */
  record Way(Transport over, TransportAddress server) {}

  /**
   * What a verb's arguments say.
   *
   * @throws IllegalArgumentException with one line for people
   */
  static RelayAccess of(LabWorld world, String verb, VerbArguments given, boolean ipv4) {
    TransportAddress server = Meeting.server(world, given.value("--server"), ipv4);
    List<Way> ways = ways(verb, given.value("--over").orElse("any"), server);
    if (world instanceof SimWorld && ways.get(0).over() == Transport.DTLS) {
      throw new IllegalArgumentException(verb + ": the simulator knows no DTLS");
    }
    return new RelayAccess(
        ways,
        given.value("--user").orElse(LabUser.NAME),
        given.value("--password").orElse(LabUser.PASSWORD),
        given.value("--pin"));
  }

  /** TLS and DTLS have a port of their own, unless the server was written with another. */
  private static List<Way> ways(String verb, String over, TransportAddress server) {
    TransportAddress secure =
        server.port() == NodeMachine.PORT ? server.withPort(RelayPorts.WEB) : server;
    Way udp = new Way(Transport.UDP, server);
    Way tcp = new Way(Transport.TCP, server);
    Way tls = new Way(Transport.TLS, secure);
    return switch (over) {
      case "any" -> List.of(udp, tcp, tls);
      case "udp" -> List.of(udp);
      case "tcp" -> List.of(tcp);
      case "tls" -> List.of(tls);
      case "dtls" -> List.of(new Way(Transport.DTLS, secure));
      default ->
          throw new IllegalArgumentException(
              verb + ": --over '" + over + "' is none of any, udp, tcp, tls, dtls");
    };
  }

  /** The same without the other ways. */
  RelayAccess firstWay() {
    return new RelayAccess(ways.subList(0, 1), user, password, pin);
  }

  /** The same without TLS as a last resort, where another way was not asked for. */
  RelayAccess clear() {
    List<Way> clear = ways.stream().filter(way -> !way.over().isSecure()).toList();
    return clear.isEmpty() ? this : new RelayAccess(clear, user, password, pin);
  }

  /** The same for the command line of {@code culvert ice}. */
  List<String> uris() throws LabException {
    List<String> line = new ArrayList<>();
    for (Way way : ways) {
      boolean secure = way.over().isSecure();
      boolean stream = way.over().isStream();
      line.add(
          "--turn="
              + (secure ? "turns:" : "turn:")
              + way.server()
              + (stream ? "?transport=tcp" : "?transport=udp"));
    }
    line.add("--user=" + user + ":" + password);
    if (ways.stream().anyMatch(way -> way.over().isSecure())) {
      line.add("--pin=" + (pin.isPresent() ? pin.get() : LabKey.get().pin()));
    }
    return line;
  }

  /** Configurations for the simulator, where nobody looks at the identity. */
  List<TurnClientConfig> configs() {
    return ways.stream().map(this::config).toList();
  }

  private TurnClientConfig config(Way way) {
    TransportAddress server = way.server();
    LongTermCredential credential = new LongTermCredential(user, password);
    TurnClientConfig config =
        way.over().isSecure()
            ? TurnClientConfig.secure(
                server,
                way.over(),
                new ServerIdentity.HostName(IpLiterals.format(server.ip(), false)),
                credential)
            : TurnClientConfig.of(server, way.over(), credential);
    return RelayPlan.asUsual(config);
  }

  /** The same for the command line of a process. */
  List<String> commandLine() throws LabException {
    List<String> line = new ArrayList<>();
    for (Way way : ways) {
      line.add("--way=" + way.over().name().toLowerCase(Locale.ROOT) + "=" + way.server());
    }
    line.add("--pin=" + (pin.isPresent() ? pin.get() : LabKey.get().pin()));
    line.add("--user=" + user);
    line.add("--password=" + password);
    return line;
  }
}

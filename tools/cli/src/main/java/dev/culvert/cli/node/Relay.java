package dev.culvert.cli.node;

import dev.culvert.cli.Console;
import dev.culvert.cli.Fault;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.transport.server.RelayService;
import dev.culvert.turn.auth.StatelessNonces;
import dev.culvert.turn.server.IpPrefix;
import dev.culvert.turn.server.PeerPolicy;
import dev.culvert.turn.server.PortRange;
import dev.culvert.turn.server.RelayAddress;
import dev.culvert.turn.server.RelayResources;
import dev.culvert.turn.server.TurnServerConfig;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The relay of a node.
 *
 * @param service what the server runs
 * @param ports on which ports
 * @param realm what its credentials are for
 * @param credentials where they come from
 * @param peerSecret of which the credentials of peers that meet here are made; empty: none do
 * @param external from whom its addresses outside are learnt
 */
record Relay(
    RelayService service,
    PortRange ports,
    String realm,
    RelayCredentials credentials,
    Optional<String> peerSecret,
    Optional<ExternalCheck> external) {
  private static final Pattern PORTS = Pattern.compile("([0-9]{1,5})-([0-9]{1,5})");

  /**
   * What the options ask for.
   *
   * @param forPeers whether peers that meet here get credentials
   * @param listened what the node listens on
   * @param machine all addresses of this machine's interfaces
   * @param console is told what is made, and what is dangerous
   */
  static Relay of(
      RelayOptions options,
      RelayLimitOptions limits,
      boolean forPeers,
      List<TransportAddress> listened,
      List<InetAddress> machine,
      Console console) {
    SecureRandom random = new SecureRandom();
    List<RelayAddress> addresses =
        new RelayAddresses(listened, machine).choose(options.relayIps, options.externalIps);
    Optional<ExternalCheck> external = ExternalCheck.of(options, addresses);
    PortRange ports = ports(options.ports);
    TurnServerConfig config = config(options, limits);
    Duration nonceLifetime = limits.nonceLifetime();
    byte[] nonceSecret = new byte[32];
    random.nextBytes(nonceSecret);
    Optional<String> peerSecret =
        forPeers ? Optional.of(RelayCredentials.secret(random)) : Optional.empty();
    RelayCredentials credentials = new RelayCredentials(options, peerSecret, console);
    RelayService service =
        new RelayService(
            config,
            new RelayResources(addresses, ports, config.limits(), random),
            credentials.store(random),
            new StatelessNonces(Bytes.wrap(nonceSecret), InstantSource.system(), nonceLifetime));
    return new Relay(service, ports, options.realm, credentials, peerSecret, external);
  }

  /** Where it relays, as clients are told now. */
  List<RelayAddress> addresses() {
    return service.resources().addresses();
  }

  private static TurnServerConfig config(RelayOptions options, RelayLimitOptions limits) {
    TurnServerConfig standard = TurnServerConfig.standard();
    if (limits.lifetime.toSeconds() < 1) {
      throw Fault.usage("--limit-lifetime is less than a second", "give 10m or more");
    }
    boolean shorter = limits.lifetime.compareTo(standard.lifetime()) < 0;
    return new TurnServerConfig(
        policy(options),
        limits.limits(),
        shorter ? limits.lifetime : standard.lifetime(),
        limits.lifetime,
        standard.dontFragment(),
        standard.tcpAllocations(),
        options.alternates.stream().map(Relay::alternate).toList());
  }

  private static PeerPolicy policy(RelayOptions options) {
    PeerPolicy policy = PeerPolicy.standard();
    for (String text : options.allowed) {
      policy = policy.allowing(range("--allow-peer", text));
    }
    for (String text : options.denied) {
      policy = policy.denying(range("--deny-peer", text));
    }
    return policy;
  }

  private static IpPrefix range(String option, String text) {
    Optional<IpPrefix> range;
    try {
      range = IpPrefix.parse(text);
    } catch (IllegalArgumentException e) {
      throw Fault.usage(
          option + " " + text + " has bits beyond its length", String.valueOf(e.getMessage()));
    }
    return range.orElseThrow(
        () ->
            Fault.usage(
                option + " " + text + " is no range of addresses",
                "write it as 10.0.0.0/8, fd00::/8 or 192.0.2.1"));
  }

  private static PortRange ports(String text) {
    Matcher matcher = PORTS.matcher(text);
    try {
      if (matcher.matches()) {
        return new PortRange(
            Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
      }
    } catch (IllegalArgumentException e) {
      throw Fault.usage("--relay-ports: " + e.getMessage(), "write FIRST-LAST");
    }
    throw Fault.usage("--relay-ports " + text + " is no range", "write it as 49152-65535");
  }

  private static TransportAddress alternate(String text) {
    TransportAddress address = ListenAddress.parse("--alternate-server", text, Listeners.STUN_PORT);
    if (address.ip().isAnyLocalAddress() || address.port() == 0) {
      throw Fault.usage(
          "--alternate-server " + text + " is nowhere to be sent",
          "name the other relay's address");
    }
    return address;
  }
}

package dev.culvert.cli.ice;

import dev.culvert.cli.Console;
import dev.culvert.cli.DurationConverter;
import dev.culvert.cli.Fault;
import dev.culvert.cli.server.FamilyOptions;
import dev.culvert.ice.IcePolicy;
import dev.culvert.session.AddressChoice;
import dev.culvert.session.LocalAddress;
import dev.culvert.session.SessionConfig;
import dev.culvert.transport.NetworkRuntime;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a peer of ICE has to connect with. */
public final class PeerOptions {
  private static final Duration LONGEST = Duration.ofMinutes(2);

  @Mixin private ServerOptions servers = new ServerOptions();
  @Mixin private LocalOptions local = new LocalOptions();
  @Mixin private FamilyOptions families = new FamilyOptions();

  @Option(
      names = "--policy",
      paramLabel = "POLICY",
      converter = PolicyConverter.class,
      completionCandidates = PolicyConverter.Words.class,
      description =
          "direct-only uses no relay; prefer-direct uses one where there is no direct path;"
              + " relay-only uses nothing else, and tells no other address of this host (default:"
              + " prefer-direct).")
  private IcePolicy policy = IcePolicy.PREFER_DIRECT;

  @Option(names = "--tcp", description = "Listen and connect over TCP, too (RFC 6544).")
  private boolean tcp;

  @Option(
      names = "--mdns",
      description = "Tell names of multicast DNS in place of this host's own addresses.")
  private boolean mdns;

  @Option(
      names = "--deadline",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "How long servers and relays may take (default: 5s).")
  private Duration deadline = SessionConfig.STANDARD_PATIENCE;

  /** Options at their defaults. */
  public PeerOptions() {}

  IcePolicy policy() {
    return policy;
  }

  /** Sockets that trust whom the options say. */
  NetworkRuntime runtime() {
    return servers.runtime();
  }

  /**
   * The addresses of this host to use, as they are now.
   *
   * @throws Fault if there is none
   */
  List<LocalAddress> addresses() {
    return local.choice(families.families()).used();
  }

  /**
   * Reads them all, and looks up the servers.
   *
   * @throws Fault if something is wrong with them, or this host has no address to use
   */
  PeerPlan plan(Console console, NetworkRuntime runtime) {
    if (deadline.compareTo(LONGEST) > 0) {
      throw Fault.usage("--deadline is too long", "give at most 2m");
    }
    AddressChoice choice = local.choice(families.families());
    ServerPlan named = servers.plan(console);
    ServerNames.Found found = PeerPlan.lookUp(runtime, named, families.families());
    SessionConfig config =
        SessionConfig.of(choice.used())
            .asking(found.servers())
            .relaying(found.relays())
            .withPatience(deadline);
    config = tcp ? config.withTcp() : config;
    return new PeerPlan(
        mdns ? config.hidingAddresses() : config, policy, choice.leftOut(), found.missing());
  }
}

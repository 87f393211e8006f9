package dev.culvert.cli.ice;

import dev.culvert.cli.Console;
import dev.culvert.cli.Fault;
import dev.culvert.cli.check.PublicServers;
import dev.culvert.cli.server.ServerArgument;
import dev.culvert.cli.server.TrustOptions;
import dev.culvert.cli.turn.UserOptions;
import dev.culvert.sansio.ServerIdentity;
import dev.culvert.sansio.Transport;
import dev.culvert.stun.LongTermCredential;
import dev.culvert.stun.StunUri;
import dev.culvert.transport.NetworkRuntime;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Whom to ask for candidates. */
public final class ServerOptions {
  private static final String NONE = "none";

  @Option(
      names = "--stun",
      paramLabel = "SERVER",
      description =
          "A STUN server: HOST, HOST:PORT, an IPv6 address or stun:HOST:PORT; may be repeated."
              + " 'none' asks nobody. Without --stun and --turn the public ones of 'culvert check'"
              + " are asked.")
  private List<String> stun = List.of();

  @Option(
      names = "--turn",
      paramLabel = "URI",
      description =
          "A relay: turn:HOST[:PORT][?transport=udp|tcp] or turns:HOST[:PORT][?transport=tcp|udp];"
              + " may be repeated, the preferred one first. It needs credentials.")
  private List<String> turn = List.of();

  @Mixin private UserOptions users = new UserOptions();
  @Mixin private TrustOptions trust = new TrustOptions();

  /** Options at their defaults. */
  public ServerOptions() {}

  /**
   * What was asked for, before any name is looked up.
   *
   * @throws Fault if a server is none, or a relay has no credentials
   */
  ServerPlan plan(Console console) {
    boolean nobody = stun.equals(List.of(NONE));
    List<String> named =
        nobody ? List.of() : stun.isEmpty() && turn.isEmpty() ? PublicServers.ALL : stun;
    List<StunUri> servers = named.stream().map(ServerOptions::server).toList();
    if (turn.isEmpty()) {
      return new ServerPlan(servers, List.of());
    }
    List<StunUri> relays = turn.stream().map(ServerOptions::relay).distinct().toList();
    LongTermCredential credential = users.credential(console);
    return new ServerPlan(
        servers,
        relays.stream()
            .map(uri -> new ServerPlan.RelayPlan(uri, identity(uri), credential))
            .toList());
  }

  /** Sockets that trust whom the options say. */
  NetworkRuntime runtime() {
    NetworkRuntime.Builder builder = NetworkRuntime.builder();
    trust.authorities().ifPresent(builder::trustedAuthorities);
    return builder.build();
  }

  private Optional<ServerIdentity> identity(StunUri uri) {
    ServerArgument host = new ServerArgument(uri.toString(), uri.host(), uri.port(), true);
    return uri.scheme().isSecure() ? Optional.of(trust.identity(host)) : Optional.empty();
  }

  static StunUri server(String word) {
    if (word.equals(NONE)) {
      throw Fault.usage("--stun none stands beside another --stun", "leave one of them out");
    }
    ServerArgument server = ServerArgument.parse(word);
    if (server.secure()) {
      throw Fault.usage(
          "'" + word + "' is for TLS, but what a NAT does is asked over UDP", "write stun:HOST");
    }
    return new StunUri(StunUri.Scheme.STUN, server.host(), server.port(), Transport.UDP);
  }

  private static StunUri relay(String word) {
    try {
      StunUri uri = StunUri.parse(word.strip());
      if (!uri.scheme().isRelay()) {
        throw Fault.usage("'" + word + "' names a STUN server", "--stun takes those");
      }
      return uri;
    } catch (IllegalArgumentException e) {
      boolean bare = Stream.of("turn:", "turns:").noneMatch(word.strip()::startsWith);
      throw Fault.usage("--turn: " + e.getMessage(), bare ? "such as turn:" + word.strip() : "");
    }
  }
}

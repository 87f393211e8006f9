package dev.culvert.cli.ice;

import dev.culvert.cli.Console;
import dev.culvert.cli.Fault;
import dev.culvert.cli.check.PublicServers;
import dev.culvert.detect.IpFamily;
import dev.culvert.session.NamedServer;
import dev.culvert.stun.StunUri;
import dev.culvert.transport.NetworkRuntime;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Option;

/** Which STUN servers to ask over UDP and IPv4. */
public final class StunServers {
  @Option(
      names = "--stun",
      paramLabel = "SERVER",
      description =
          "A STUN server: HOST, HOST:PORT or stun:HOST:PORT; may be repeated. Two show more than"
              + " one (default: the public ones of 'culvert check').")
  private List<String> stun = List.of();

  /** Options at their defaults. */
  public StunServers() {}

  /**
   * Reads them.
   *
   * @throws Fault if one is no server
   */
  public void check() {
    named();
  }

  private List<StunUri> named() {
    List<String> words = stun.isEmpty() ? PublicServers.ALL : stun;
    return words.stream().map(ServerOptions::server).toList();
  }

  /**
   * Looks them up, 5 s at most, and tells which have no address.
   *
   * @throws Fault if one is no server
   */
  public List<NamedServer> find(Console console, NetworkRuntime runtime) {
    ServerNames.Found found =
        PeerPlan.lookUp(runtime, new ServerPlan(named(), List.of()), Set.of(IpFamily.IPV4));
    found.missing().forEach(each -> console.say(each.server() + ": " + each.reason()));
    return found.servers();
  }
}

package dev.culvert.cli.ice;

import dev.culvert.detect.IpFamily;
import dev.culvert.ice.IcePolicy;
import dev.culvert.session.LeftOut;
import dev.culvert.session.SessionConfig;
import dev.culvert.transport.MachineDriver;
import dev.culvert.transport.NetworkRuntime;
import java.security.SecureRandom;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * All that a peer needs to begin.
 *
 * @param config of its session
 * @param policy which paths it uses
 * @param leftOut which addresses of this host are not used
 * @param missing which servers have no address
 */
record PeerPlan(
    SessionConfig config,
    IcePolicy policy,
    List<LeftOut> leftOut,
    List<ServerNames.Missing> missing) {
  PeerPlan {
    leftOut = List.copyOf(leftOut);
    missing = List.copyOf(missing);
  }

  /** Looks up the servers of a plan, 5 s at most. */
  static ServerNames.Found lookUp(NetworkRuntime runtime, ServerPlan plan, Set<IpFamily> families) {
    ServerNames names = new ServerNames(plan, families, new SecureRandom());
    CompletableFuture<ServerNames.Found> found = new CompletableFuture<>();
    try (MachineDriver<ServerNames.Found> driver = runtime.drive(names, found::complete)) {
      driver.execute(names::advance);
      return found.join();
    }
  }
}

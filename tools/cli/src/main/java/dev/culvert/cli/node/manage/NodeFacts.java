package dev.culvert.cli.node.manage;

import dev.culvert.identity.PeerId;
import dev.culvert.rendezvous.node.NodeCounts;
import dev.culvert.transport.server.StunServer;
import dev.culvert.turn.server.RelayResources;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * What a management address tells of.
 *
 * @param server the running one
 * @param relay what it relays on; empty: it does not
 * @param rendezvous who meets here; empty: nobody does
 * @param certificate what TLS and DTLS show now; safe for every thread
 * @param version of the program
 * @param clock tells what time it is
 */
public record NodeFacts(
    StunServer server,
    Optional<RelayFacts> relay,
    Optional<RendezvousFacts> rendezvous,
    Supplier<Optional<X509Certificate>> certificate,
    String version,
    InstantSource clock) {

  /**
   * A relay.
   *
   * @param realm what its credentials are for
   * @param resources its ports and quotas
   */
  public record RelayFacts(String realm, RelayResources resources) {}

  /**
   * A rendezvous.
   *
   * @param id the node's
   * @param counts asks for what it has done; safe for every thread
   */
  public record RendezvousFacts(PeerId id, Supplier<CompletableFuture<NodeCounts>> counts) {
    private static final NodeCounts NONE = new NodeCounts(0, 0, 0, 0, 0, 0, 0, 0, 0);
    private static final long PATIENCE_SECONDS = 2;

    /**
     * The counts, after a moment of waiting; none if it does not answer, which its health tells.
     */
    NodeCounts latest() {
      return counts
          .get()
          .completeOnTimeout(NONE, PATIENCE_SECONDS, TimeUnit.SECONDS)
          .exceptionally(fault -> NONE)
          .join();
    }
  }
}

package dev.culvert.cli.node.manage;

import dev.culvert.sansio.TransportAddress;
import dev.culvert.transport.http.HttpHosts;
import dev.culvert.transport.http.HttpLimits;
import dev.culvert.transport.server.HttpListener;
import dev.culvert.transport.server.ListenException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The management address of a running node. Safe for every thread. */
public final class Management implements AutoCloseable {
  private final HttpListener listener;
  private final Metrics metrics;
  private final Runnable removal;

  private Management(HttpListener listener, Metrics metrics, Runnable removal) {
    this.listener = listener;
    this.metrics = metrics;
    this.removal = removal;
  }

  /**
   * Opens it, and writes the token.
   *
   * @throws ListenException if the address cannot be had
   * @throws dev.culvert.cli.Fault if the token cannot be written
   */
  public static Management open(ManagementPlan plan, NodeFacts facts) throws ListenException {
    return open(plan, facts, Health.PATIENCE);
  }

  static Management open(ManagementPlan plan, NodeFacts facts, Duration patience)
      throws ListenException {
    Instant start = facts.clock().instant();
    Optional<String> token = plan.tokenFile().map(file -> TokenFile.newToken());
    Metrics metrics = new Metrics(facts, start);
    ManagementService service =
        new ManagementService(
            facts,
            start,
            new Health(facts, patience),
            metrics,
            new AllocationsService(facts, token));
    HttpListener listener =
        HttpListener.open(
            plan.address(), service, HttpLimits.STANDARD, HttpHosts.addressesAnd(plan.names()));
    Management management =
        new Management(
            listener,
            metrics,
            () -> plan.tokenFile().ifPresent(file -> TokenFile.remove(file, token.orElse(""))));
    try {
      plan.tokenFile().ifPresent(file -> TokenFile.write(file, token.orElseThrow()));
      return management;
    } catch (RuntimeException e) {
      management.close();
      throw e;
    }
  }

  /** Where it is, with its real port. */
  public TransportAddress address() {
    return listener.address();
  }

  @Override
  public void close() {
    listener.close();
    metrics.close();
    removal.run();
  }
}

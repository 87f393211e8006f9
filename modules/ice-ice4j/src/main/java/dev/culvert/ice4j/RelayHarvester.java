package dev.culvert.ice4j;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledExecutorService;
import org.ice4j.TransportAddress;
import org.ice4j.ice.HostCandidate;
import org.ice4j.ice.RelayedCandidate;
import org.ice4j.ice.ServerReflexiveCandidate;
import org.ice4j.ice.harvest.TurnCandidateHarvest;
import org.ice4j.ice.harvest.TurnCandidateHarvester;
import org.ice4j.security.LongTermCredential;
import org.jspecify.annotations.Nullable;

/** Asks a relay for allocations. */
final class RelayHarvester extends TurnCandidateHarvester implements Harvest {
  private final Queue<Allocation> begun = new ConcurrentLinkedQueue<>();
  private final WireRule rule;
  private final ScheduledExecutorService loop;

  RelayHarvester(
      TransportAddress server,
      LongTermCredential credential,
      WireRule rule,
      ScheduledExecutorService loop) {
    super(server, credential);
    this.rule = rule;
    this.loop = loop;
  }

  @Override
  protected TurnCandidateHarvest createHarvest(HostCandidate host) {
    Allocation allocation = new Allocation(this, host);
    begun.add(allocation);
    return allocation;
  }

  @Override
  public void abandon() {
    begun.forEach(Allocation::abandon);
  }

  /** An allocation, as soon as there is an answer. */
  static final class Allocation extends TurnCandidateHarvest {
    private static final long MARGIN_MILLIS = 60_000;

    private final RelayHarvester own;

    Allocation(RelayHarvester harvester, HostCandidate host) {
      super(harvester, host);
      this.own = harvester;
    }

    ScheduledExecutorService loop() {
      return own.loop;
    }

    void abandon() {
      completedResolvingCandidate(null, null);
    }

    @Override
    protected RelayedCandidate createRelayedCandidate(
        TransportAddress relayed, TransportAddress mapped) {
      return new RelayCandidate(relayed, this, mapped);
    }

    @Override
    protected @Nullable ServerReflexiveCandidate createServerReflexiveCandidate(
        TransportAddress mapped) {
      return own.rule.isForRelaysAlone() ? null : super.createServerReflexiveCandidate(mapped);
    }

    /** ice4j would refresh an allocation at the very moment that it ends. */
    @Override
    protected void setSendKeepAliveMessageInterval(long millis) {
      super.setSendKeepAliveMessageInterval(
          millis == SEND_KEEP_ALIVE_MESSAGE_INTERVAL_NOT_SPECIFIED
              ? millis
              : millis - Math.min(MARGIN_MILLIS, millis / 2));
    }
  }
}

package dev.culvert.ice4j;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.ice4j.TransportAddress;
import org.ice4j.ice.HostCandidate;
import org.ice4j.ice.harvest.StunCandidateHarvest;
import org.ice4j.ice.harvest.StunCandidateHarvester;

/** Asks a STUN server. */
final class StunHarvester extends StunCandidateHarvester implements Harvest {
  private final Queue<Asking> begun = new ConcurrentLinkedQueue<>();

  StunHarvester(TransportAddress server) {
    super(server);
  }

  @Override
  protected StunCandidateHarvest createHarvest(HostCandidate host) {
    Asking asking = new Asking(this, host);
    begun.add(asking);
    return asking;
  }

  @Override
  public void abandon() {
    begun.forEach(Asking::abandon);
  }

  private static final class Asking extends StunCandidateHarvest {
    Asking(StunHarvester harvester, HostCandidate host) {
      super(harvester, host);
    }

    void abandon() {
      completedResolvingCandidate(null, null);
    }
  }
}

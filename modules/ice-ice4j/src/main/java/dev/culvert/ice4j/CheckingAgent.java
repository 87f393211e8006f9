package dev.culvert.ice4j;

import org.ice4j.TransportAddress;
import org.ice4j.ice.Agent;
import org.ice4j.ice.CandidatePair;
import org.ice4j.ice.NominationStrategy;

/**
 * An agent of ice4j's that tells more than it otherwise would, and leaves it to others to nominate.
 */
final class CheckingAgent extends Agent {
  /** What it tells; on threads of ice4j's, which must not be held up. */
  interface Ear {
    /** A check of the peer's was proven. */
    void checked(TransportAddress remote, TransportAddress local, boolean nominates);

    /** A conflict of roles was settled. */
    void roleChanged();
  }

  private final Ear ear;

  CheckingAgent(Ear ear, boolean controlling) {
    this.ear = ear;
    setUseDynamicPorts(false);
    setTrickling(true);
    setPerformConsentFreshness(true);
    setNominationStrategy(NominationStrategy.NONE);
    super.setControlling(controlling);
  }

  @Override
  protected boolean incomingCheckReceived(
      TransportAddress remote,
      TransportAddress local,
      long priority,
      String remoteUfrag,
      String localUfrag,
      boolean useCandidate) {
    ear.checked(remote, local, useCandidate);
    return super.incomingCheckReceived(
        remote, local, priority, remoteUfrag, localUfrag, useCandidate);
  }

  @Override
  public void setControlling(boolean controlling) {
    super.setControlling(controlling);
    ear.roleChanged();
  }

  /**
   * Takes a nomination that ice4j forgot: it does where it had nominated the pair itself before.
   */
  void confirm(CandidatePair pair) {
    if (!isOver()) {
      nominationConfirmed(pair);
      checkListStatesUpdated();
    }
  }
}

package dev.culvert.ice4j;

import dev.culvert.ice.Candidate;
import dev.culvert.ice.IceConfig;
import dev.culvert.ice.IceFailure;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import java.util.Optional;
import org.ice4j.ice.RemoteCandidate;

/** The candidates that the peer told: those that the policy and ice4j can use. */
final class Remotes {
  private final IceConfig config;
  private final WireRule rule;
  private boolean started;
  private boolean over;
  private int used;
  private int unfit;

  Remotes(IceConfig config, WireRule rule) {
    this.config = config;
    this.rule = rule;
  }

  /** Takes it if it can be used: over UDP, for the only flow, at a known address. */
  void add(Candidate candidate, Parts parts) {
    Optional<TransportAddress> address =
        candidate.address().known().filter(known -> known.port() > 0);
    if (address.isPresent() && !config.policy().allowsRemote(candidate.type())) {
      rule.refuse(address.get());
    } else if (address.isEmpty()
        || candidate.transport() != Transport.UDP
        || !config.components().contains(candidate.component())
        || used >= config.mostPairs()) {
      unfit++;
    } else {
      used++;
      RemoteCandidate theirs = Forms.theirs(candidate, address.get(), parts.component());
      if (started) {
        parts.component().addUpdateRemoteCandidates(theirs);
        parts.component().updateRemoteCandidates();
      } else {
        parts.component().addRemoteCandidate(theirs);
      }
    }
  }

  /** Checks are under way: what comes now is paired at once. */
  void started(Parts parts) {
    started = true;
    parts.component().updateRemoteCandidates();
  }

  void end() {
    over = true;
  }

  boolean isOver() {
    return over;
  }

  /** Why there is no pair. */
  IceFailure why() {
    if (used + unfit > 0) {
      return IceFailure.NOTHING_IN_COMMON;
    }
    return rule.hasRefused() ? IceFailure.POLICY : IceFailure.NO_REMOTE_CANDIDATES;
  }
}

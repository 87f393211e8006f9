package dev.culvert.ice4j;

import dev.culvert.ice.Candidate;
import dev.culvert.ice.CandidateAddress;
import dev.culvert.ice.CandidateType;
import dev.culvert.ice.ComponentId;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.regex.Pattern;
import org.ice4j.ice.Component;
import org.ice4j.ice.RemoteCandidate;

/** Candidates and addresses in the form of ours, and in that of ice4j's. */
final class Forms {
  private static final Pattern FOUNDATION = Pattern.compile("[A-Za-z0-9+/]{1,32}");
  private static final long MOST_PRIORITY = 0x7fff_ffffL;

  private Forms() {}

  static Candidate ours(org.ice4j.ice.Candidate<?> theirs) {
    return new Candidate(
        foundation(theirs),
        ComponentId.ONLY,
        Transport.UDP,
        Math.max(1, Math.min(MOST_PRIORITY, theirs.getPriority())),
        new CandidateAddress.Ip(ours(theirs.getTransportAddress())),
        type(theirs.getType()),
        Optional.ofNullable(theirs.getRelatedAddress()).map(Forms::ours),
        Optional.empty());
  }

  /** A candidate that the peer shows by its checks alone may have none. */
  private static String foundation(org.ice4j.ice.Candidate<?> theirs) {
    return Optional.ofNullable(theirs.getFoundation())
        .filter(text -> FOUNDATION.matcher(text).matches())
        .orElse("0");
  }

  static CandidateType type(org.ice4j.ice.CandidateType type) {
    return switch (type) {
      case HOST_CANDIDATE, LOCAL_CANDIDATE -> CandidateType.HOST;
      case PEER_REFLEXIVE_CANDIDATE -> CandidateType.PEER_REFLEXIVE;
      case SERVER_REFLEXIVE_CANDIDATE, STUN_CANDIDATE -> CandidateType.SERVER_REFLEXIVE;
      case RELAYED_CANDIDATE -> CandidateType.RELAYED;
    };
  }

  static RemoteCandidate theirs(Candidate ours, TransportAddress address, Component component) {
    return new RemoteCandidate(
        theirs(address), component, theirs(ours.type()), ours.foundation(), ours.priority(), null);
  }

  private static org.ice4j.ice.CandidateType theirs(CandidateType type) {
    return switch (type) {
      case HOST -> org.ice4j.ice.CandidateType.HOST_CANDIDATE;
      case PEER_REFLEXIVE -> org.ice4j.ice.CandidateType.PEER_REFLEXIVE_CANDIDATE;
      case SERVER_REFLEXIVE -> org.ice4j.ice.CandidateType.SERVER_REFLEXIVE_CANDIDATE;
      case RELAYED -> org.ice4j.ice.CandidateType.RELAYED_CANDIDATE;
    };
  }

  static org.ice4j.TransportAddress theirs(TransportAddress address) {
    return new org.ice4j.TransportAddress(address.ip(), address.port(), org.ice4j.Transport.UDP);
  }

  static TransportAddress ours(InetSocketAddress address) {
    return TransportAddress.of(address);
  }
}

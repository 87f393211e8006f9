package dev.culvert.session;

import dev.culvert.ice.Candidate;
import dev.culvert.ice.CandidateAddress;
import dev.culvert.sansio.Answer;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.LocalNames;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Question;
import dev.culvert.sansio.TransportAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Looks up candidates that a peer told by name (RFC 8839 §5.1,
 * draft-ietf-mmusic-mdns-ice-candidates).
 */
final class RemoteNames {
  /** A peer has few addresses; who tells more names has us ask the network in vain. */
  private static final int MOST_PER_LINK = 16;

  private final Desk desk;
  private final Map<Long, Waiting> waiting = new HashMap<>();
  private final Map<PeerLink, Integer> asked = new HashMap<>();

  private record Waiting(PeerLink link, Candidate candidate, int port) {}

  /** A candidate whose address is known now. */
  record Resolved(PeerLink link, Candidate candidate) {}

  RemoteNames(Desk desk) {
    this.desk = desk;
  }

  void resolve(PeerLink link, Candidate candidate, CandidateAddress.Named named) {
    if (LocalNames.isLocal(named.name()) && !LocalNames.isPublishable(named.name())) {
      // No agent made such a name (§3.2.1 of the draft).
      return;
    }
    if (asked.merge(link, 1, Integer::sum) <= MOST_PER_LINK) {
      long id = desk.newId();
      waiting.put(id, new Waiting(link, candidate, named.port()));
      desk.put(new Output.Ask(id, new Question.Addresses(named.name())));
    }
  }

  /** What an answer brought; the draft has several addresses of one name ignored (§3.2.1). */
  Optional<Resolved> accept(Input.Answered answered) {
    Waiting candidate = waiting.remove(answered.id());
    if (candidate == null || !(answered.answer() instanceof Answer.Addresses addresses)) {
      return Optional.empty();
    }
    TransportAddress address = new TransportAddress(addresses.ips().get(0), candidate.port());
    return Optional.of(
        new Resolved(
            candidate.link(), candidate.candidate().withAddress(new CandidateAddress.Ip(address))));
  }

  void forget(PeerLink link) {
    asked.remove(link);
    waiting.values().removeIf(each -> each.link() == link);
  }
}

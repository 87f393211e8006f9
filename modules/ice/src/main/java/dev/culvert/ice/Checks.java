package dev.culvert.ice;

import dev.culvert.sansio.Flow;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.stun.ClientRequest;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.Method;
import dev.culvert.stun.ResponseCheck;
import dev.culvert.stun.ShortTermCredential;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunPacket;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.attribute.Attribute;
import dev.culvert.stun.attribute.IceControlled;
import dev.culvert.stun.attribute.IceControlling;
import dev.culvert.stun.attribute.Priority;
import dev.culvert.stun.attribute.UseCandidate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The checks of one generation that are under way, towards one peer (RFC 8445 §7.2.4). */
final class Checks {
  private final RandomGenerator random;
  private final ShortTermCredential credential;
  private final Map<TransactionId, Check> underWay = new LinkedHashMap<>();

  /**
   * None yet.
   *
   * @param local this agent's
   * @param remote the peer's: its password protects requests to it
   */
  Checks(RandomGenerator random, IceCredentials local, IceCredentials remote) {
    this.random = random;
    this.credential =
        ShortTermCredential.of(remote.ufrag() + ":" + local.ufrag(), remote.password());
  }

  /** Makes a check; it is not sent yet. */
  Check begin(
      Pair pair,
      CheckPurpose purpose,
      Optional<Nomination> nomination,
      Checking by,
      MonotonicTime now) {
    List<Attribute> says = new ArrayList<>();
    Candidate own = pair.local().candidate();
    says.add(new Priority(Priorities.ofPeerReflexive(own)));
    says.add(
        by.role() == IceRole.CONTROLLING
            ? new IceControlling(by.tieBreaker())
            : new IceControlled(by.tieBreaker()));
    if (purpose == CheckPurpose.NOMINATION) {
      says.add(new UseCandidate());
      nomination.map(Nomination::attribute).ifPresent(says::add);
    }
    TransactionId id = TransactionId.random(random);
    StunMessage message = new StunMessage(MessageClass.REQUEST, Method.BINDING, id, says);
    boolean padded = purpose == CheckPurpose.SIZE || isKnownToBeWide(pair, purpose, by);
    Check check =
        new Check(
            pair,
            purpose,
            nomination.orElse(Nomination.PLAIN),
            by.role(),
            padded ? padded(pair, message) : request(pair, message),
            padded,
            now);
    underWay.put(id, check);
    return check;
  }

  /** Whoever is told to use a pair learns so that large datagrams pass. */
  private static boolean isKnownToBeWide(Pair pair, CheckPurpose purpose, Checking by) {
    return purpose == CheckPurpose.NOMINATION
        && by.path(pair)
            .find(pair)
            .map(Valid::width)
            .filter(width -> width.matters() && width.isWide())
            .isPresent();
  }

  private ClientRequest request(Pair pair, StunMessage message) {
    return credential.request(pair.flow(), message, ShortTermCredential.Offer.SHA1, true);
  }

  private ClientRequest padded(Pair pair, StunMessage message) {
    int length = request(pair, message).wire().length();
    return request(pair, message.with(Padded.to(Width.PADDED, length)));
  }

  /** Whether a padded check of a pair waits for its answer. */
  boolean isSizing(Pair pair) {
    return underWay.values().stream()
        .anyMatch(
            check ->
                check.pair() == pair && check.purpose() == CheckPurpose.SIZE && !check.isOnce());
  }

  /** The check that a response answers; empty if it answers none, or was made by somebody else. */
  Optional<Check> answered(Flow from, StunPacket response) {
    TransactionId id = response.message().transactionId();
    Check check = underWay.get(id);
    if (check == null
        || check.request().check().judge(response, from) != ResponseCheck.Verdict.ACCEPT) {
      return Optional.empty();
    }
    underWay.remove(id);
    return Optional.of(check);
  }

  /** Those that wait for an answer, the first that is due first. */
  List<Check> due(MonotonicTime now) {
    return underWay.values().stream()
        .filter(check -> !now.isBefore(check.due()))
        .sorted(Comparator.comparing(Check::due))
        .toList();
  }

  Optional<MonotonicTime> nextDue() {
    return underWay.values().stream().map(Check::due).min(Comparator.naturalOrder());
  }

  boolean isUnderWay(Pair pair) {
    return underWay.values().stream()
        .anyMatch(
            check ->
                check.pair() == pair && check.purpose() != CheckPurpose.SIZE && !check.isOnce());
  }

  /** Those of a pair are sent no more. */
  void silence(Pair pair) {
    underWay.values().stream().filter(check -> check.pair() == pair).forEach(Check::silence);
  }

  /** A newer round has begun: none of these is sent again. */
  void silenceAll() {
    underWay.values().forEach(Check::silence);
  }

  void forget(Check check) {
    underWay.remove(check.request().id());
  }

  /** How many of them may be sent again. */
  long size() {
    return underWay.values().stream().filter(check -> !check.isOnce()).count();
  }
}

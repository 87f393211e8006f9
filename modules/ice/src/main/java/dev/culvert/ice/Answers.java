package dev.culvert.ice;

import dev.culvert.sansio.Flow;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.StunPacket;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.Padding;
import dev.culvert.stun.attribute.XorMappedAddress;
import java.util.Optional;

/** Takes the answers to this agent's checks (RFC 8445 §7.2.5). */
final class Answers {
  private final Checking checking;

  Answers(Checking checking) {
    this.checking = checking;
  }

  void take(Round its, Check check, Flow from, StunPacket response, MonotonicTime now) {
    Pair pair = check.pair();
    if (pair.isGone()) {
      return;
    }
    Optional<ErrorCode> error = response.message().error();
    if (error.isPresent()) {
      refused(check, error.get().code(), error.get().reason());
      sized(check, false, now);
      if (error.get().code() == ErrorCode.ROLE_CONFLICT) {
        checking.conflict(check.role());
        if (pair.state() != PairState.SUCCEEDED) {
          pair.is(PairState.WAITING, "the roles are settled");
          its.trigger(pair);
        }
      } else if (check.purpose() != CheckPurpose.CONSENT && check.purpose() != CheckPurpose.SIZE) {
        failed(its, pair, "the other side says " + error.get().code() + " " + error.get().reason());
      }
      return;
    }
    Optional<TransportAddress> mapped =
        response.message().first(XorMappedAddress.class).map(XorMappedAddress::address);
    if (!pair.isOn(from)) {
      // RFC 8445 §7.2.5.2.1: an answer comes from where the check went.
      refused(check, 0, "it came from " + from.remote());
      failed(its, pair, "the answer came from " + from.remote());
      return;
    }
    if (mapped.isEmpty()) {
      refused(check, 0, "it names no address");
      failed(its, pair, "the answer names no address");
      return;
    }
    pair.countAnswered(check.roundTrip(now));
    checking
        .steps()
        .tell(
            () ->
                new IceStep.CheckAnswered(
                    pair.told(), check.purpose(), check.roundTrip(now), mapped.get()));
    succeeded(its, check, mapped.get(), now);
    sized(check, response.message().has(Padding.class), now);
  }

  /** What the answer to a padded check shows; one that is not padded itself shows nothing. */
  private void sized(Check check, boolean padded, MonotonicTime now) {
    ComponentPath path = checking.path(check.pair());
    Optional<Valid> valid = path.find(check.pair()).filter(its -> check.isPadded());
    if (valid.isPresent() && padded) {
      path.wide(valid.get());
      checking.sized(check.pair());
    } else if (valid.isPresent()) {
      valid.get().width().showsNothing(now);
    }
  }

  private void refused(Check check, int code, String reason) {
    checking
        .steps()
        .tell(() -> new IceStep.CheckRefused(check.pair().told(), check.purpose(), code, reason));
  }

  private void succeeded(Round its, Check check, TransportAddress mapped, MonotonicTime now) {
    Pair pair = check.pair();
    boolean first = pair.state() != PairState.SUCCEEDED;
    pair.is(PairState.SUCCEEDED, "answered");
    boolean moved = pair.isMovedTo(mapped);
    if (first || moved) {
      pair.seenAs(seenAs(its, pair, mapped));
    }
    if (moved) {
      checking.moved(pair);
    }
    if (first) {
      its.list().thawLike(pair);
    }
    ComponentPath path = checking.path(pair);
    Valid valid = path.proven(its, pair, moved, now);
    if (check.purpose() == CheckPurpose.NOMINATION) {
      path.nominate(valid, checking.nominated(check));
    } else if (pair.nominatesOnSuccess()) {
      path.nominate(valid, pair.takeNomination());
    }
  }

  /** The candidate that the peer saw, perhaps one that nobody knew of (RFC 8445 §7.2.5.3.1). */
  private LocalCandidate seenAs(Round its, Pair pair, TransportAddress mapped) {
    LocalCandidate own = pair.local();
    if (own.base().address().equals(mapped)) {
      return own;
    }
    Optional<LocalCandidate> known =
        its.reflexive(own.base()).stream()
            .filter(each -> each.candidate().address().known().filter(mapped::equals).isPresent())
            .findFirst();
    return known.orElseGet(
        () -> {
          Candidate base = own.candidate();
          return new LocalCandidate(
              new Candidate(
                  base.foundation(),
                  base.component(),
                  base.transport(),
                  Priorities.ofPeerReflexive(base),
                  new CandidateAddress.Ip(mapped),
                  CandidateType.PEER_REFLEXIVE,
                  Optional.of(own.base().address()),
                  base.tcpType()),
              own.base());
        });
  }

  private void failed(Round its, Pair pair, String why) {
    if (checking.path(pair).find(pair).isEmpty()) {
      its.checks().ifPresent(checks -> checks.silence(pair));
      pair.failed(why);
    }
  }
}

package dev.culvert.ice;

import dev.culvert.sansio.Flow;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.IntegrityKey;
import dev.culvert.stun.Method;
import dev.culvert.stun.Protection;
import dev.culvert.stun.ServerVerdict;
import dev.culvert.stun.ShortTermCredential;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunPacket;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.IceControlled;
import dev.culvert.stun.attribute.IceControlling;
import dev.culvert.stun.attribute.Priority;
import dev.culvert.stun.attribute.UnknownAttributes;
import dev.culvert.stun.attribute.UseCandidate;
import dev.culvert.stun.attribute.Username;
import dev.culvert.stun.attribute.XorMappedAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Takes the peer's checks: answers them, and learns from them (RFC 8445 §7.3). */
final class Requests {
  private final Checking checking;
  private final IceConfig config;
  private final Consumer<Output> out;
  private final Connections connections;
  private final Steps steps;

  Requests(
      Checking checking,
      IceConfig config,
      Consumer<Output> out,
      Connections connections,
      Steps steps) {
    this.connections = connections;
    this.steps = steps;
    this.checking = checking;
    this.config = config;
    this.out = out;
  }

  void take(Flow from, StunPacket packet, MonotonicTime now) {
    StunMessage message = packet.message();
    Optional<Round> round = roundOf(message);
    if (!message.method().equals(Method.BINDING)
        || round.isEmpty()
        || !packet.hasFingerprint()
        || !isOurs(round.get(), from)) {
      return;
    }
    Round its = round.get();
    IntegrityKey key = its.key();
    ServerVerdict verdict = ShortTermCredential.check(packet, name -> Optional.of(key));
    if (verdict instanceof ServerVerdict.Refused refused) {
      reply(from, refused.response(), Protection.none());
    }
    if (!(verdict instanceof ServerVerdict.Accepted accepted)) {
      return;
    }
    Protection protection = accepted.responseProtection();
    List<Integer> unknown = message.unknownRequired();
    Optional<Priority> priority = message.first(Priority.class);
    if (!unknown.isEmpty()) {
      StunMessage error =
          message.errorResponse(ErrorCode.UNKNOWN_ATTRIBUTE, new UnknownAttributes(unknown));
      reply(from, error, protection);
    } else if (priority.isEmpty()) {
      reply(from, message.errorResponse(ErrorCode.BAD_REQUEST), protection);
    } else if (isConflict(message)) {
      reply(from, message.errorResponse(ErrorCode.ROLE_CONFLICT), protection);
    } else {
      reply(from, message.successResponse(new XorMappedAddress(from.remote())), protection);
      Round.Early check =
          new Round.Early(
              from,
              priority.get().priority(),
              message.has(UseCandidate.class),
              Nomination.in(message));
      steps.tell(() -> new IceStep.CheckReceived(from, check.useCandidate()));
      if (from.transport() == Transport.TCP) {
        connections.trust(from, now);
      }
      checking.began(its, now);
      if (its.peer().isPresent()) {
        learn(its, check, now);
      } else {
        its.keep(check);
      }
    }
  }

  /** Whoever answered from another address than it told would give that away. */
  private boolean isOurs(Round round, Flow from) {
    return from.transport() == Transport.TCP
        ? connections.pair(from).isPresent() || round.list().listener(from).isPresent()
        : round.list().local(from).isPresent();
  }

  /** USERNAME is ours, a colon, and the peer's as far as we know it (RFC 8445 §7.2.2). */
  private Optional<Round> roundOf(StunMessage message) {
    String name = message.first(Username.class).map(Username::name).orElse("");
    int colon = name.indexOf(':');
    if (colon < 0) {
      return Optional.empty();
    }
    String theirs = name.substring(colon + 1);
    return checking.rounds().stream()
        .filter(round -> round.own().ufrag().equals(name.substring(0, colon)))
        .filter(
            round ->
                round.peer().map(peer -> peer.credentials().ufrag().equals(theirs)).orElse(true))
        .findFirst();
  }

  private void reply(Flow to, StunMessage message, Protection protection) {
    message
        .error()
        .ifPresent(error -> steps.tell(() -> new IceStep.CheckRejected(to, error.code())));
    out.accept(new Output.Send(to, StunCodec.encode(message, protection.withFingerprint())));
  }

  /** Both claim one role (RFC 8445 §7.3.1.1): the greater tie-breaker controls. */
  private boolean isConflict(StunMessage message) {
    Optional<Long> theirs =
        checking.role() == IceRole.CONTROLLING
            ? message.first(IceControlling.class).map(IceControlling::tieBreaker)
            : message.first(IceControlled.class).map(IceControlled::tieBreaker);
    if (theirs.isEmpty()) {
      return false;
    }
    boolean greater = Long.compareUnsigned(checking.tieBreaker(), theirs.get()) >= 0;
    boolean controls = greater && !config.lite();
    if (controls == (checking.role() == IceRole.CONTROLLING)) {
      return true;
    }
    checking.play(checking.role().opposite(), "the other side has the other one by lot");
    return false;
  }

  /** What an authentic check shows (RFC 8445 §7.3.1.3 to §7.3.1.5, §7.3.2). */
  void learn(Round round, Round.Early check, MonotonicTime now) {
    Flow from = check.flow();
    Optional<Pair> pair =
        from.transport() == Transport.TCP ? connected(round, check) : pair(round, check);
    if (pair.isEmpty()) {
      return;
    }
    if (checking.path(pair.get()).used().isEmpty()) {
      round.prospects().news(now);
    }
    checking.path(pair.get()).find(pair.get()).ifPresent(valid -> valid.heard(now));
    if (config.lite()) {
      answerOnly(round, pair.get(), check, now);
      return;
    }
    if (check.useCandidate() && checking.role() == IceRole.CONTROLLED) {
      Optional<Valid> valid = checking.path(pair.get()).find(pair.get());
      if (valid.isPresent()) {
        checking.path(pair.get()).nominate(valid.get(), check.nomination());
      } else {
        pair.get().nominateOnSuccess(check.nomination());
      }
    }
    // What travels over TCP arrives: one that is under way need not be repeated.
    boolean arrives = pair.get().isTcp() && pair.get().state() == PairState.IN_PROGRESS;
    if (pair.get().state() != PairState.SUCCEEDED && !(arrives && pair.get().isChecked())) {
      if (pair.get().state() != PairState.IN_PROGRESS) {
        pair.get().is(PairState.WAITING, "the peer checks it");
      }
      round.trigger(pair.get());
    }
  }

  private Optional<Pair> pair(Round round, Round.Early check) {
    Flow from = check.flow();
    Optional<LocalCandidate> local = round.list().local(from);
    Optional<RemoteCandidate> remote = local.flatMap(its -> remote(round, its, check));
    if (remote.isPresent() && round.list().isAlone(local.get().base())) {
      return round.list().pair(local.get(), remote.get());
    }
    return round.list().pair(from);
  }

  /** What it came from, known or not. */
  private Optional<RemoteCandidate> remote(Round round, LocalCandidate local, Round.Early check) {
    TransportAddress address = check.flow().remote();
    ComponentId component = local.candidate().component();
    return round
        .list()
        .remote(component, address, check.flow().transport())
        .or(
            () ->
                round
                    .list()
                    .add(round.farEnd(local.candidate(), address, check.priority()), address));
  }

  /** The pair of a connection: one of ours, or one that the peer made (RFC 6544 §7.2). */
  private Optional<Pair> connected(Round round, Round.Early check) {
    Flow from = check.flow();
    Optional<Pair> known = connections.pair(from).filter(round.list().pairs()::contains);
    if (known.isPresent()) {
      return known;
    }
    Optional<Pair> made =
        round
            .list()
            .listener(from)
            .flatMap(
                local ->
                    remote(round, local, check)
                        .flatMap(remote -> round.list().pair(local, remote)));
    made.ifPresent(pair -> connections.carries(from, round, pair));
    return made.filter(pair -> pair.isOn(from));
  }

  /** A lite agent takes the peer's word for it (RFC 8445 §7.3.2). */
  private void answerOnly(Round round, Pair pair, Round.Early check, MonotonicTime now) {
    pair.is(PairState.SUCCEEDED, "the peer checks it");
    Valid valid = checking.path(pair).proven(round, pair, false, now);
    if (check.useCandidate()) {
      checking.path(pair).nominate(valid, check.nomination());
    }
  }
}

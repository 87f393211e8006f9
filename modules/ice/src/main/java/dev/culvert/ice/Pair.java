package dev.culvert.ice;

import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A local and a remote candidate that are tried together, and what came of it. */
final class Pair {
  private static final int MOST_CONNECTIONS = 4;

  private final LocalCandidate local;
  private final RemoteCandidate remote;
  private final Flow meant;
  private final List<Flow> standing = new ArrayList<>(1);
  private final Steps steps;
  private long priority;
  private PairState state = PairState.FROZEN;
  private boolean nominateOnSuccess;
  private boolean gone;
  private Optional<TransportAddress> mapped = Optional.empty();
  private boolean asked;
  private int connects;
  private boolean checked;
  private int sent;
  private int answered;
  private Optional<Duration> roundTrip = Optional.empty();
  private String fault = "";
  private Optional<String> hint = Optional.empty();
  private Nomination nomination = Nomination.PLAIN;
  private Optional<LocalCandidate> seenAs = Optional.empty();

  Pair(LocalCandidate local, RemoteCandidate remote, IceRole role, Steps steps) {
    this.steps = steps;
    this.local = local;
    this.remote = remote;
    this.meant = local.base().to(remote.address());
    playing(role);
  }

  /** Its priority depends on who is who (RFC 8445 §6.1.2.3). */
  void playing(IceRole role) {
    long mine = local.candidate().priority();
    long theirs = remote.candidate().priority();
    priority =
        role == IceRole.CONTROLLING
            ? Priorities.ofPair(mine, theirs)
            : Priorities.ofPair(theirs, mine);
  }

  LocalCandidate local() {
    return local;
  }

  RemoteCandidate remote() {
    return remote;
  }

  ComponentId component() {
    return local.candidate().component();
  }

  /** What its checks and data go on. */
  Flow flow() {
    return standing.isEmpty() ? meant : standing.get(0);
  }

  /** Whether something that came on this flow belongs to it. */
  boolean isOn(Flow flow) {
    return isTcp() ? standing.contains(flow) : meant.equals(flow);
  }

  boolean isTcp() {
    return meant.transport() == Transport.TCP;
  }

  /** Who of the two connects, from this side; empty for UDP. */
  Optional<TcpType> tcpType() {
    return local.candidate().tcpType();
  }

  /** Another connection for it: some peers take each and end it again. */
  boolean mayConnect() {
    return connects++ < MOST_CONNECTIONS;
  }

  /** Whether a check can leave now. */
  boolean isConnected() {
    return !isTcp() || !standing.isEmpty();
  }

  /** A connection stands that it may use; the first one is the one that it uses. */
  void connected(Flow flow) {
    if (standing.isEmpty()) {
      checked = false;
    }
    if (!standing.contains(flow)) {
      standing.add(flow);
    }
  }

  /** A connection of it ended. */
  void disconnected(Flow flow) {
    standing.remove(flow);
    checked = false;
  }

  /** Whether only the other side can begin anything. */
  boolean isWaitingForPeer() {
    return !isConnected() && tcpType().filter(TcpType.PASSIVE::equals).isPresent();
  }

  long priority() {
    return priority;
  }

  String foundation() {
    return local.candidate().foundation() + ":" + remote.candidate().foundation();
  }

  boolean isRelayed() {
    return local.candidate().type() == CandidateType.RELAYED
        || remote.candidate().type() == CandidateType.RELAYED;
  }

  PairState state() {
    return state;
  }

  void is(PairState now, String why) {
    if (state != now) {
      state = now;
      steps.tell(() -> new IceStep.PairChanged(told(), now, why));
    }
  }

  boolean nominatesOnSuccess() {
    return nominateOnSuccess;
  }

  /** The peer wants it once a check from here has proven it, too (RFC 8445 §7.3.1.5). */
  void nominateOnSuccess(Nomination by) {
    nominateOnSuccess = true;
    nomination = by;
  }

  Nomination takeNomination() {
    nominateOnSuccess = false;
    return nomination;
  }

  /** What the network said meanwhile; it may be wrong (RFC 8489 §6.2.1). */
  void hint(String words) {
    hint = Optional.of(words);
  }

  Optional<String> hint() {
    return hint;
  }

  void countSent(CheckPurpose purpose, int sending) {
    sent++;
    checked = true;
    steps.tell(() -> new IceStep.CheckSent(told(), purpose, sending));
  }

  /** Whether nothing of it has left, and the peer has not asked for it. */
  boolean isUntouched() {
    return sent == 0 && connects == 0 && !asked;
  }

  /** The peer's check came, so this side's goes as soon as it may. */
  void triggered() {
    asked = true;
  }

  /** Whether an authentic check of the peer came on it, which its own check may yet prove. */
  boolean isPromising() {
    return asked && !gone && state != PairState.FAILED;
  }

  /** Whether a check left on the connection that it uses. */
  boolean isChecked() {
    return checked;
  }

  void countAnswered(Optional<Duration> took) {
    answered++;
    if (took.isPresent()) {
      roundTrip = took;
    }
  }

  Optional<Duration> roundTrip() {
    return roundTrip;
  }

  void failed(String why) {
    fault = why;
    is(PairState.FAILED, why);
  }

  /** What it sends from is no more. */
  void gone(String why) {
    gone = true;
    failed(why);
  }

  boolean isGone() {
    return gone;
  }

  /** The local candidate that the peer saw it come from (RFC 8445 §7.2.5.3.1). */
  void seenAs(LocalCandidate candidate) {
    seenAs = Optional.of(candidate);
  }

  /** Whether the peer sees it come from another address than before. */
  boolean isMovedTo(TransportAddress now) {
    boolean moved = mapped.filter(before -> !before.equals(now)).isPresent();
    mapped = Optional.of(now);
    return moved;
  }

  LocalCandidate shown() {
    return seenAs.orElse(local);
  }

  /** What others are told of it. */
  IcePair told() {
    return new IcePair(shown().candidate(), remote.candidate(), flow());
  }

  PairFate fate() {
    return new PairFate(
        shown().candidate(), remote.candidate(), state, sent, answered, roundTrip, fault);
  }

  @Override
  public String toString() {
    return component() + " " + meant.local() + " to " + remote + " " + state;
  }
}

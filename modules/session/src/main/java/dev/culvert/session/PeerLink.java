package dev.culvert.session;

import dev.culvert.ice.Candidate;
import dev.culvert.ice.CandidateAddress;
import dev.culvert.ice.ComponentId;
import dev.culvert.ice.IceAgent;
import dev.culvert.ice.IcePath;
import dev.culvert.ice.IcePolicy;
import dev.culvert.ice.IceState;
import dev.culvert.ice.LocalCandidate;
import dev.culvert.ice.PairFate;
import dev.culvert.ice.text.IceDescription;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.MonotonicTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a {@link PeerSession} has with one other peer: an ICE agent on sockets that it shares with
 * all others.
 *
 * <p>Made by {@link PeerSession#open}, and confined to the session's thread: its methods are called
 * as a driver's {@code execute} allows.
 */
public final class PeerLink {
  private final PeerSession session;
  private final IceAgent agent;
  private final IcePolicy policy;
  private final List<Candidate> told = new ArrayList<>();
  private DirectFlows flows = DirectFlows.NONE;
  private boolean complete;

  PeerLink(PeerSession session, IceAgent agent, IcePolicy policy) {
    this.session = session;
    this.agent = agent;
    this.policy = policy;
  }

  IcePolicy policy() {
    return policy;
  }

  IceAgent agent() {
    return agent;
  }

  /** What the peer is to be told by now; what is found later is told by events. */
  public IceDescription description() {
    return new IceDescription(agent.parameters(), told, complete);
  }

  /**
   * Takes what the peer told of itself: its first description, one with more candidates, or one
   * with other credentials, which is a restart (RFC 8445 §9). Descriptions are to come in the order
   * in which they were taken; one that answers what this side has replaced since is passed over.
   *
   * @return whether this side restarted because of it, so that the peer is to be told the new
   *     {@link #description}; {@link SessionEvent.Restarted} says the same
   */
  public boolean remote(IceDescription description, MonotonicTime now) {
    List<Candidate> known =
        description.candidates().stream()
            .filter(each -> each.address().known().isPresent())
            .toList();
    boolean restarted = agent.remote(description.parameters(), known, now);
    if (restarted) {
      session.restarted(this, now);
    }
    if (!agent.isWith(description.parameters())) {
      return false;
    }
    description.candidates().stream()
        .filter(each -> each.address().known().isEmpty())
        .forEach(each -> addRemote(each, now));
    if (description.complete()) {
      endRemote(now);
    }
    session.changed(this, now);
    return restarted;
  }

  /**
   * Adds a candidate of the peer (RFC 8838 §11); a name is looked up first, by multicast DNS where
   * it ends in {@code .local}.
   */
  public void addRemote(Candidate candidate, MonotonicTime now) {
    if (candidate.address() instanceof CandidateAddress.Named named) {
      session.resolve(this, candidate, named, now);
    } else {
      agent.addRemote(candidate, now);
      session.changed(this, now);
    }
  }

  /** The peer has no more candidates in this generation (RFC 8838 §14). */
  public void endRemote(MonotonicTime now) {
    agent.endRemote(now);
    session.changed(this, now);
  }

  /**
   * The peer is known to have this side's present {@link #description}, for example because it
   * answered it; until then what fails is tried again, within the patience.
   */
  public void peerBegan(MonotonicTime now) {
    agent.peerBegan(now);
    session.changed(this, now);
  }

  /** The peer's owner says that it gave up: without a path this side fails at once. */
  public void peerFailed(MonotonicTime now) {
    agent.peerFailed(now);
    session.changed(this, now);
  }

  /**
   * Adds a candidate that this peer has for this one alone, such as a port that was punched open.
   *
   * @return whether the policy allows it
   */
  public boolean addLocal(LocalCandidate candidate, MonotonicTime now) {
    boolean added = agent.addLocal(candidate, now);
    session.changed(this, now);
    return added;
  }

  /**
   * Takes over a path to the peer that somebody else has opened, by hole punching: it becomes a
   * candidate pair, is checked at once, and data moves to it as to any direct pair; also long after
   * both sides have told all their candidates. It is kept through restarts as long as its socket
   * is. The other side need not take it over at the same time; what fails until then succeeds with
   * its first check.
   *
   * @param opened UDP, from a local address that is no wildcard to where the peer is. Either on one
   *     of the session's own sockets, or on one that the owner has bound under an id that the
   *     session does not use (it counts its own from 0). Such a socket is the session's from now
   *     on: what comes on it is to be given to the session, and the session closes it, with {@link
   *     dev.culvert.sansio.Output.Close}, when the link is closed, when the host leaves the
   *     address, or when eight newer ones have been taken over
   * @return false: the policy does not allow it, it leads nowhere, or there are too many; a socket
   *     of the owner's remains the owner's
   */
  public boolean adopt(Flow opened, MonotonicTime now) {
    return session.adopt(this, opened, now);
  }

  /**
   * The owner suspects the path, because data does not get through or nothing comes back: it is
   * asked at once, and left within a second or two if it does not answer. Harmless when repeated.
   */
  public void doubt(MonotonicTime now) {
    agent.doubt(now);
    session.changed(this, now);
  }

  /**
   * Begins anew with other credentials; data goes on as before until there is a new path (RFC 8445
   * §9).
   *
   * @return what the peer is to be told
   */
  public IceDescription restart(MonotonicTime now) {
    agent.restart(now);
    session.restarted(this, now);
    session.changed(this, now);
    return description();
  }

  /**
   * Sends a datagram where {@link #path} says.
   *
   * @param data at most 65,000 bytes; what does not fit into the path's packets is fragmented
   * @return false: there is no path, and it is dropped
   */
  public boolean send(Bytes data, MonotonicTime now) {
    boolean sent = agent.send(ComponentId.ONLY, data, now);
    session.changed(this, now);
    return sent;
  }

  /**
   * Sends several datagrams where {@link #path} says, for much less work than one by one.
   *
   * @param data each as {@link #send(Bytes, MonotonicTime)} takes it
   * @return false: there is no path, and they are dropped
   */
  public boolean send(List<Bytes> data, MonotonicTime now) {
    boolean sent = false;
    for (Bytes each : data) {
      sent = agent.send(ComponentId.ONLY, each, now);
    }
    session.changed(this, now);
    return sent;
  }

  /**
   * The owner took data from one of the {@link DirectFlows} by itself; ten times a second is enough
   * while more comes.
   */
  public void heard(Flow from, MonotonicTime now) {
    agent.heard(from, now);
    session.changed(this, now);
  }

  /**
   * The owner sent data on the used one of the {@link DirectFlows} by itself, after what was heard
   * last; ten times a second is enough while more goes.
   */
  public void sent(MonotonicTime now) {
    agent.sent(ComponentId.ONLY, now);
    session.changed(this, now);
  }

  /** Where data goes; empty while there is no path. */
  public Optional<IcePath> path() {
    return agent.path(ComponentId.ONLY);
  }

  /** How far it has come. */
  public IceState state() {
    return agent.state();
  }

  /** What became of every pair of the present generation, best first. */
  public List<PairFate> fates() {
    return agent.fates();
  }

  /** Ends it; the peer will find out, as nobody answers its checks. */
  public void close(MonotonicTime now) {
    agent.close();
    session.closed(this, now);
  }

  // What follows is for the session.

  /** Whether the peer has been told that it knows everything. */
  boolean isComplete() {
    return complete;
  }

  /** Whether its path answers. */
  boolean isConnected() {
    return state() == IceState.CONNECTED || state() == IceState.COMPLETED;
  }

  /** What the watcher of flows was told last. */
  DirectFlows flows() {
    return flows;
  }

  void flows(DirectFlows now) {
    flows = now;
  }

  void beginAnew() {
    told.clear();
    complete = false;
  }

  void told(Candidate candidate) {
    told.add(candidate);
  }

  void completed(MonotonicTime now) {
    complete = true;
    agent.endLocal(now);
  }
}

package dev.culvert.session;

import dev.culvert.detect.NatReport;
import dev.culvert.ice.Candidate;
import dev.culvert.ice.IceEvent;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;

/** What a {@link PeerSession} tells. */
public sealed interface SessionEvent {

  /**
   * A socket is open.
   *
   * @param address of this host
   * @param local the socket's
   */
  record Bound(LocalAddress address, TransportAddress local) implements SessionEvent {}

  /**
   * No socket could be opened there; the address is not used.
   *
   * @param address of this host
   * @param reason one line for people
   */
  record NotBound(LocalAddress address, String reason) implements SessionEvent {}

  /** A candidate was found, for all peers. */
  record Found(Gathered gathered) implements SessionEvent {}

  /**
   * A server or relay answered, whether that showed another candidate or not.
   *
   * @param server its name
   * @param from the address of this host that asked; empty where the system chose it
   * @param mapped what it looks like from there
   * @param took from the moment that it was asked
   */
  record Seen(String server, Optional<InetAddress> from, TransportAddress mapped, Duration took)
      implements SessionEvent {}

  /**
   * A server or relay was of no use.
   *
   * @param server its name
   * @param from the address of this host that asked; empty where the system chose it
   * @param reason one line for people
   * @param took from the moment that it was asked
   */
  record NotFound(String server, Optional<InetAddress> from, String reason, Duration took)
      implements SessionEvent {}

  /**
   * All servers have answered, or patience has ended.
   *
   * @param took since gathering began
   */
  record GatheringDone(Duration took) implements SessionEvent {}

  /**
   * Another candidate to tell a peer of (RFC 8838 §4); told as well of those in a {@link
   * PeerLink#description} that was taken before.
   *
   * @param link to which peer
   * @param candidate as the policy lets it be told
   */
  record LocalCandidate(PeerLink link, Candidate candidate) implements SessionEvent {}

  /** The peer has been told all candidates of this generation (RFC 8838 §8). */
  record LocalCandidatesEnd(PeerLink link) implements SessionEvent {}

  /** The peer restarted ICE, and so did this side: it is to be told the new description. */
  record Restarted(PeerLink link) implements SessionEvent {}

  /**
   * This side's addresses are others than the peer was told, so a restart is in order.
   *
   * @param link which
   * @param reason one line for people
   */
  record RestartAdvised(PeerLink link, String reason) implements SessionEvent {}

  /**
   * The agent of a link told something: its state, its path, data.
   *
   * @param link whose
   * @param event what
   */
  record Ice(PeerLink link, IceEvent event) implements SessionEvent {}

  /**
   * A step of a measurement that {@link PeerSession#detect} began.
   *
   * @param text one line for people, without addresses
   */
  record Detecting(String text) implements SessionEvent {}

  /** The measurement is over. */
  record Detected(NatReport report) implements SessionEvent {}

  /** It has ended: every allocation is given back, every socket closed. Nothing follows. */
  record Closed() implements SessionEvent {}
}

package dev.culvert.ice.engine;

import dev.culvert.ice.Candidate;
import dev.culvert.ice.IcePath;
import dev.culvert.ice.IceState;
import dev.culvert.ice.PairFate;
import dev.culvert.ice.text.IceDescription;
import dev.culvert.sansio.Bytes;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * What an {@link IceEngine} has with one peer.
 *
 * <p>Safe for any thread; no method waits for anything. Futures complete on a thread of the engine,
 * exceptionally with an {@link IllegalStateException} once the connection is closed.
 */
public interface IceConnection extends AutoCloseable {

  /**
   * What the peer is to be told by now; what is found later is told by {@link
   * ConnectionEvent.LocalCandidate} (RFC 8838 §4).
   */
  CompletableFuture<IceDescription> description();

  /** The same once nothing more will be found. */
  CompletableFuture<IceDescription> complete();

  /**
   * Takes what the peer told of itself: its first description, one with more candidates, or one
   * with other credentials, which is a restart (RFC 8445 §9). Descriptions are to come in the order
   * in which they were made.
   */
  void remote(IceDescription description);

  /** Adds a candidate of the peer (RFC 8838 §11). */
  void addRemote(Candidate candidate);

  /** The peer has no more candidates (RFC 8838 §14). */
  void endRemote();

  /** The peer is known to have this side's present description, because it answered it. */
  void peerBegan();

  /** The peer's owner says that it gave up: without a path this side fails at once. */
  void peerFailed();

  /**
   * Begins anew with other credentials; data goes on as before until there is a new path (RFC 8445
   * §9).
   *
   * @return what the peer is to be told
   */
  CompletableFuture<IceDescription> restart();

  /**
   * Sends a datagram where {@link #path} says; without one it is dropped.
   *
   * @param data at most 65,000 bytes, or 1,500 without {@link IceFeature#LARGE_DATAGRAMS}
   */
  void send(Bytes data);

  /** Where data goes, as last told; empty while there is no path. */
  Optional<IcePath> path();

  /** How far it has come, as last told. */
  IceState state();

  /** What became of every pair, best first; empty without {@link IceFeature#FATES}. */
  CompletableFuture<List<PairFate>> fates();

  /** Ends it; the peer will find out, as nobody answers its checks. Harmless when repeated. */
  @Override
  void close();
}

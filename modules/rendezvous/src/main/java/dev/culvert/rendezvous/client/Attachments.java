package dev.culvert.rendezvous.client;

import dev.culvert.identity.PeerId;
import dev.culvert.identity.PeerKey;
import dev.culvert.identity.SealingKey;
import dev.culvert.identity.Signed;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Machine;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * A peer's hold on nodes: it stays attached to two of those that it knows, is found there, and
 * finds others and says things to them wherever they are attached.
 *
 * <p>It joins through the nodes that it had before, then those that its owner named, those of an
 * invite, those on the local network, and those that others told of; it tries two at once and one
 * more every 300 ms until two answer. Then it moves to the two that are first in its {@link
 * dev.culvert.rendezvous.Ranking} of those that are there, where others look for it. When one dies
 * the next takes its place at once. Beside those two it has at most eight other connections, which
 * end a minute after their last use.
 *
 * <p>Confined to one thread.
 */
public final class Attachments implements Machine<AttachmentEvent> {
  private static final int MOST_BLOCKED = 256;

  private final Hold hold;

  /**
   * A peer that knows no node yet.
   *
   * @param key the peer's own
   * @param firstId the ids of its outputs count up from here, so that another machine beside it may
   *     have others
   * @param random for keys and nonces; a {@link java.security.SecureRandom} for anything but a
   *     simulation
   * @param clock for expiries; that of the nodes corrects it
   */
  public Attachments(
      AttachmentsConfig config,
      PeerKey key,
      long firstId,
      RandomGenerator random,
      InstantSource clock) {
    hold = new Hold(config, new Means(key, firstId, random, clock));
  }

  /** Whose hold it is. */
  public PeerId peer() {
    return hold.means().key.id();
  }

  /**
   * Adds nodes, of at most 256 in all; those that are known already gain what is new about them.
   */
  public void know(Collection<KnownNode> nodes, MonotonicTime now) {
    nodes.forEach(hold::know);
    hold.settle(now);
  }

  /**
   * Looks up a peer; answered by {@link AttachmentEvent.Looked} within 10 seconds. The three nodes
   * that are first in the peer's ranking are asked at once, then those that this peer is attached
   * to, then others, at most eight in all.
   *
   * @return the request's id
   */
  public long lookup(PeerId peer, MonotonicTime now) {
    long id = hold.errands().lookup(peer, now);
    hold.settle(now);
    return id;
  }

  /** The same as {@link #signal(PeerId, Bytes, Set, MonotonicTime)}, by whichever node. */
  public long signal(PeerId to, Bytes sealed, MonotonicTime now) {
    return signal(to, sealed, Set.of(), now);
  }

  /**
   * Says something to a peer; answered by {@link AttachmentEvent.Signalled} within 10 seconds. The
   * nodes are tried one after the other until one takes it; what one took may arrive twice.
   *
   * @param sealed an {@link dev.culvert.identity.Envelope}
   * @param avoid nodes that are tried last, as what they said to have delivered was not answered
   * @return the request's id
   */
  public long signal(PeerId to, Bytes sealed, Set<PeerId> avoid, MonotonicTime now) {
    long id = hold.errands().signal(to, sealed, avoid, now);
    hold.settle(now);
    return id;
  }

  /**
   * Looks for members of a namespace at up to eight nodes; answered by {@link
   * AttachmentEvent.Discovered} within 10 seconds.
   *
   * @param namespace its token, 32 bytes
   * @param most that are wanted, 1 to 1000
   * @return the request's id
   */
  public long discover(Bytes namespace, int most, MonotonicTime now) {
    if (namespace.length() != 32 || most < 1 || most > 1000) {
      throw new IllegalArgumentException("a namespace has 32 bytes, and 1 to 1000 are found");
    }
    long id = hold.errands().discover(namespace, most, now);
    hold.settle(now);
    return id;
  }

  /**
   * Hears nothing from these peers any more; replaces what was said before.
   *
   * @param peers at most 256
   */
  public void block(Collection<PeerId> peers, MonotonicTime now) {
    if (peers.size() > MOST_BLOCKED) {
      throw new IllegalArgumentException("256 peers can be blocked, not " + peers.size());
    }
    hold.block(List.copyOf(peers), now);
    hold.settle(now);
  }

  /**
   * Tells the nodes that it is attached to that this peer serves as a node, too.
   *
   * @param record its {@link dev.culvert.rendezvous.NodeRecord}, signed, to be replaced before it
   *     expires; empty if it does so no longer
   */
  public void announce(Optional<Signed> record, MonotonicTime now) {
    hold.gossip().announce(record);
    hold.settle(now);
  }

  /**
   * The network is another one: what failed before is tried again at once, and connections that
   * stand are given up unless the node answers within 3 seconds.
   */
  public void networkChanged(MonotonicTime now) {
    hold.networkChanged(now);
    hold.settle(now);
  }

  /** What opens what others sealed: the current key, then one that was current lately. */
  public List<SealingKey> sealingKeys() {
    return hold.sealingKeys();
  }

  /** The nodes that it is attached to and found at, at most two. */
  public List<NodeOffer> attached() {
    return hold.attached();
  }

  /** All nodes that it knows, those that answered last first: to be kept for the next start. */
  public List<KnownNode> nodes() {
    return hold.nodes();
  }

  /** The time, as nodes have it if this machine's clock is wrong. */
  public Instant time() {
    return hold.time();
  }

  /** The sequence of its latest record, to be remembered if the clock may go back. */
  public long sequence() {
    return hold.sequence();
  }

  /** Is found no longer, finishes what is under way, and closes; within 5 seconds. */
  public void drain(MonotonicTime now) {
    hold.drain(now);
    hold.settle(now);
  }

  /** Closes everything at once. */
  public void close(MonotonicTime now) {
    hold.close(now);
    hold.settle(now);
  }

  @Override
  public void receive(Flow from, Bytes payload, MonotonicTime now) {
    hold.lines().find(from.id()).ifPresent(line -> line.receive(payload, now));
    hold.settle(now);
  }

  @Override
  public void accept(Input input, MonotonicTime now) {
    hold.accept(input, now);
    hold.settle(now);
  }

  @Override
  public void advance(MonotonicTime now) {
    hold.advance(now);
    hold.settle(now);
  }

  @Override
  public Optional<MonotonicTime> nextDeadline() {
    return hold.nextDeadline();
  }

  @Override
  public Optional<Output> pollOutput() {
    return Optional.ofNullable(hold.means().outputs.poll());
  }

  @Override
  public Optional<AttachmentEvent> pollEvent() {
    return hold.pollEvent();
  }
}

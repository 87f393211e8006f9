package dev.culvert.rendezvous.code;

import dev.culvert.identity.PeerId;
import dev.culvert.identity.PeerKey;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.client.ClientEvent;
import dev.culvert.rendezvous.client.NodeLines;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Machine;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * An {@link Introduction} with connections of its own to a few nodes, ready to be driven.
 *
 * <p>Confined to one thread.
 */
public final class Introducer implements Machine<IntroductionEvent> {
  private final NodeLines lines;
  private final Introduction introduction;

  private Introducer(NodeLines lines, Introduction introduction) {
    this.lines = lines;
    this.introduction = introduction;
  }

  /**
   * The side that makes up a code.
   *
   * @param card what the other is told
   * @param nodes at most 8, the same that the other side uses
   * @param random a {@link java.security.SecureRandom} for anything but a simulation
   * @param clock to compare those of the nodes with
   */
  public static Introducer host(
      PeerKey key,
      Card card,
      Collection<KnownNode> nodes,
      RandomGenerator random,
      InstantSource clock,
      MonotonicTime now) {
    NodeLines lines = lines(nodes, random, clock, now);
    List<PeerId> ids = nodes.stream().map(KnownNode::id).flatMap(Optional::stream).toList();
    return new Introducer(lines, new HostIntroduction(key, card, ids, lines::ask, random, now));
  }

  /** The side that was told a code; see {@link #host}. */
  public static Introducer guest(
      PeerKey key,
      Card card,
      Code code,
      Collection<KnownNode> nodes,
      RandomGenerator random,
      InstantSource clock,
      MonotonicTime now) {
    NodeLines lines = lines(nodes, random, clock, now);
    return new Introducer(lines, new GuestIntroduction(key, card, code, lines::ask, random, now));
  }

  /**
   * A node keeps a key's latest connection alone, so the peer's own key would throw the program off
   * that runs with it. Who it is the peer proves to the other one and not to the node.
   */
  private static NodeLines lines(
      Collection<KnownNode> nodes, RandomGenerator random, InstantSource clock, MonotonicTime now) {
    return new NodeLines(nodes, PeerKey.generate(random), 1, random, clock, now);
  }

  /** Why some nodes could not be used, a line each. */
  public List<String> complaints() {
    return lines.complaints();
  }

  /** Gives up, says so to the nodes, and closes the connections. */
  public void close(MonotonicTime now) {
    introduction.close(now);
    lines.close();
  }

  @Override
  public void receive(Flow from, Bytes payload, MonotonicTime now) {
    lines.receive(from, payload, now);
    settle(now);
  }

  @Override
  public void accept(Input input, MonotonicTime now) {
    lines.accept(input, now);
    settle(now);
  }

  @Override
  public void advance(MonotonicTime now) {
    lines.advance(now);
    introduction.advance(now);
    settle(now);
  }

  private void settle(MonotonicTime now) {
    Optional<NodeLines.Told> next = lines.pollEvent();
    for (; next.isPresent(); next = lines.pollEvent()) {
      PeerId node = next.get().node();
      ClientEvent event = next.get().event();
      if (event instanceof ClientEvent.Welcomed) {
        introduction.attached(node, now);
      } else if (event instanceof ClientEvent.Ended) {
        introduction.detached(node, now);
      } else {
        introduction.take(node, event, now);
      }
    }
    if (introduction instanceof GuestIntroduction guest && lines.isSettled()) {
      guest.settled(now);
    }
  }

  @Override
  public Optional<MonotonicTime> nextDeadline() {
    return Stream.of(lines.nextDeadline(), introduction.nextDeadline())
        .flatMap(Optional::stream)
        .min(MonotonicTime::compareTo);
  }

  @Override
  public Optional<Output> pollOutput() {
    return lines.pollOutput();
  }

  @Override
  public Optional<IntroductionEvent> pollEvent() {
    return introduction.pollEvent();
  }
}

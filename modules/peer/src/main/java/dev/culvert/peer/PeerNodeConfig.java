package dev.culvert.peer;

import dev.culvert.identity.PeerKey;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.call.AcceptPolicy;
import dev.culvert.rendezvous.client.AttachmentEvent;
import dev.culvert.session.AddressFilter;
import dev.culvert.session.SessionConfig;
import dev.culvert.session.SessionEvent;
import dev.culvert.session.meet.MeetConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Who a peer is, where it is found, and what it does with calls.
 *
 * @param key its own
 * @param nodes through which it joins; three or more of different owners, so that one may fail
 * @param meet its sockets, its policy, how long calls wait
 * @param onCall is told on the event loop of each call that the policy lets through; must not block
 * @param onNodes is told on the event loop what becomes of nodes; must not block
 * @param follows where the addresses of this host are looked up every two seconds, so that a change
 *     of the network is taken up; empty: those of {@code meet} hold until {@link
 *     dev.culvert.session.meet.MeetPeer#use}
 * @param onSession is told on the event loop of sockets, of candidates, and which servers answer;
 *     must not block
 */
public record PeerNodeConfig(
    PeerKey key,
    List<KnownNode> nodes,
    MeetConfig meet,
    Consumer<? super IncomingCall> onCall,
    Consumer<? super AttachmentEvent> onNodes,
    Optional<AddressSource> follows,
    Consumer<? super SessionEvent> onSession) {

  /** Copies the list. */
  public PeerNodeConfig {
    nodes = List.copyOf(nodes);
  }

  /** A peer that declines all calls, and only calls itself. */
  public static PeerNodeConfig of(PeerKey key, List<KnownNode> nodes, MeetConfig meet) {
    return new PeerNodeConfig(
        key, nodes, meet, IncomingCall::decline, event -> {}, Optional.empty(), event -> {});
  }

  /** The same with somebody who answers. */
  public PeerNodeConfig answering(Consumer<? super IncomingCall> other) {
    return new PeerNodeConfig(key, nodes, meet, other, onNodes, follows, onSession);
  }

  /** The same with somebody who wants to hear of nodes. */
  public PeerNodeConfig watching(Consumer<? super AttachmentEvent> other) {
    return new PeerNodeConfig(key, nodes, meet, onCall, other, follows, onSession);
  }

  /**
   * What most applications want: a peer on the addresses of this host, whatever network that is in;
   * STUN servers and relays are those of the nodes.
   *
   * @param policy who may call
   * @throws UncheckedIOException if the addresses of this host cannot be told
   */
  public static PeerNodeConfig here(PeerKey key, List<KnownNode> nodes, AcceptPolicy policy) {
    AddressSource source = AddressSource.here(AddressFilter.standard());
    try {
      SessionConfig session = SessionConfig.of(source.addresses());
      return of(key, nodes, MeetConfig.of(session, policy)).following(source);
    } catch (IOException e) {
      throw new UncheckedIOException("the addresses of this host cannot be told", e);
    }
  }

  /** The same that takes up changes of this host's network. */
  public PeerNodeConfig following() {
    return following(AddressSource.here(AddressFilter.standard()));
  }

  /** The same that takes up what changes there. */
  public PeerNodeConfig following(AddressSource source) {
    return new PeerNodeConfig(key, nodes, meet, onCall, onNodes, Optional.of(source), onSession);
  }

  /** The same with somebody who wants to hear of sockets, candidates and servers. */
  public PeerNodeConfig tracing(Consumer<? super SessionEvent> other) {
    return new PeerNodeConfig(key, nodes, meet, onCall, onNodes, follows, other);
  }
}

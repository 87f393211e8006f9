package dev.culvert.peer;

import dev.culvert.identity.PeerKey;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.client.AttachmentEvent;
import dev.culvert.session.meet.MeetConfig;
import java.util.List;
import java.util.function.Consumer;

/**
 * Who a peer is, where it is found, and what it does with calls.
 *
 * @param key its own
 * @param nodes through which it joins; three or more of different owners, so that one may fail
 * @param meet its sockets, its policy, how long calls wait
 * @param onCall is told on the event loop of each call that the policy lets through; must not block
 * @param onNodes is told on the event loop what becomes of nodes; must not block
 */
public record PeerNodeConfig(
    PeerKey key,
    List<KnownNode> nodes,
    MeetConfig meet,
    Consumer<? super IncomingCall> onCall,
    Consumer<? super AttachmentEvent> onNodes) {

  /** Copies the list. */
  public PeerNodeConfig {
    nodes = List.copyOf(nodes);
  }

  /** A peer that declines all calls, and only calls itself. */
  public static PeerNodeConfig of(PeerKey key, List<KnownNode> nodes, MeetConfig meet) {
    return new PeerNodeConfig(key, nodes, meet, IncomingCall::decline, event -> {});
  }

  /** The same with somebody who answers. */
  public PeerNodeConfig answering(Consumer<? super IncomingCall> other) {
    return new PeerNodeConfig(key, nodes, meet, other, onNodes);
  }

  /** The same with somebody who wants to hear of nodes. */
  public PeerNodeConfig watching(Consumer<? super AttachmentEvent> other) {
    return new PeerNodeConfig(key, nodes, meet, onCall, other);
  }
}

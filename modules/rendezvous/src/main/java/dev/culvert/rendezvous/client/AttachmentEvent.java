package dev.culvert.rendezvous.client;

import dev.culvert.identity.PeerId;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.PeerRecord;
import dev.culvert.sansio.Bytes;
import java.util.List;
import java.util.Optional;

/** What {@link Attachments} tell. */
public sealed interface AttachmentEvent {
  /** A node is one of the two that the peer stays attached to, and is found at. */
  record Attached(NodeOffer offer) implements AttachmentEvent {}

  /** A node that the peer stays attached to has new credentials for its relays. */
  record Offered(NodeOffer offer) implements AttachmentEvent {}

  /**
   * A node is that no longer.
   *
   * @param node which
   * @param reason one line for people
   */
  record Detached(PeerId node, String reason) implements AttachmentEvent {}

  /**
   * A {@link Attachments#lookup} is done.
   *
   * @param request its id
   * @param record the newest that any node had and that holds now; empty if none had one
   * @param online whether a signal would reach the peer now, as a node says
   * @param answered how many nodes answered; if none did, nothing is known of the peer
   */
  record Looked(long request, Optional<PeerRecord> record, boolean online, int answered)
      implements AttachmentEvent {}

  /**
   * A {@link Attachments#signal} is done.
   *
   * @param request its id
   * @param fate what became of it
   * @param via the node that says so; empty if none answered
   */
  record Signalled(long request, Fate fate, Optional<PeerId> via) implements AttachmentEvent {}

  /**
   * A {@link Attachments#discover} is done.
   *
   * @param request its id
   * @param records of members of the namespace, each once, in no order that means anything
   */
  record Discovered(long request, List<PeerRecord> records) implements AttachmentEvent {
    /** Copies the list. */
    public Discovered {
      records = List.copyOf(records);
    }
  }

  /**
   * Somebody said something.
   *
   * @param from who the node says it was; the envelope's own sender is what counts
   * @param sealed an {@link dev.culvert.identity.Envelope}
   */
  record Said(PeerId from, Bytes sealed) implements AttachmentEvent {}

  /** The sealing key is a new one, and the record with it. */
  record KeyChanged() implements AttachmentEvent {}

  /** Other nodes are known than before, see {@link Attachments#nodes}: worth keeping. */
  record NodesChanged() implements AttachmentEvent {}

  /**
   * The peer is attached to no node, and every one that it knows was tried. Told again when the
   * reasons change.
   *
   * @param reasons why not
   */
  record NobodyAnswers(List<Reason> reasons) implements AttachmentEvent {
    /** Copies the list. */
    public NobodyAnswers {
      reasons = List.copyOf(reasons);
    }
  }

  /**
   * Why a peer is not attached to a node.
   *
   * @param node which
   * @param reason one line for people
   */
  record Reason(KnownNode node, String reason) {}

  /**
   * A node does not tell others of the node that this peer is, see {@link Attachments#announce}.
   *
   * @param node which
   * @param reason one line for people
   */
  record AnnouncementRefused(PeerId node, String reason) implements AttachmentEvent {}

  /** It is over, as was asked for. Nothing follows. */
  record Ended() implements AttachmentEvent {}
}

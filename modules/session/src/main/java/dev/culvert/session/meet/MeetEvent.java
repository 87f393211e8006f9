package dev.culvert.session.meet;

import dev.culvert.ice.IcePath;
import dev.culvert.identity.PeerId;
import dev.culvert.rendezvous.call.CallEvent;
import dev.culvert.rendezvous.client.AttachmentEvent;
import dev.culvert.session.PeerLink;
import dev.culvert.session.SessionEvent;

/** What a {@link MeetPeer} tells. */
public sealed interface MeetEvent {
  /**
   * Something about a call: that somebody asks, that it rings over there, how long the way over the
   * nodes is, that it is over.
   */
  record Calling(CallEvent event) implements MeetEvent {}

  /**
   * Both sides want to, and look for a path. After {@link CallEvent.Reopened} it comes again for
   * the same call, with another link.
   *
   * @param call which
   * @param peer with whom
   * @param caller whether this side called
   * @param link what becomes the path; it is closed when the call is over
   */
  record Opened(long call, PeerId peer, boolean caller, PeerLink link) implements MeetEvent {}

  /**
   * There is a path, for the first time.
   *
   * @param call which
   * @param path the way that data goes
   */
  record Connected(long call, IcePath path) implements MeetEvent {}

  /**
   * Plain ICE has found no direct path, and this became of punching one.
   *
   * @param call which
   * @param news what
   */
  record Punch(long call, PunchNews news) implements MeetEvent {}

  /** Something about nodes. */
  record Nodes(AttachmentEvent event) implements MeetEvent {}

  /** Something about sockets, candidates and paths; data that came is told by this. */
  record Session(SessionEvent event) implements MeetEvent {}

  /** It has ended. Nothing follows. */
  record Closed() implements MeetEvent {}
}

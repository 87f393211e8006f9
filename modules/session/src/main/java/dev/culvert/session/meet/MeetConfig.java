package dev.culvert.session.meet;

import dev.culvert.ice.IcePolicy;
import dev.culvert.rendezvous.call.AcceptPolicy;
import dev.culvert.rendezvous.call.CallConfig;
import dev.culvert.rendezvous.client.AttachmentsConfig;
import dev.culvert.session.SessionConfig;

/**
 * How a peer meets others.
 *
 * @param session what it has to connect with; servers and relays of nodes are added to those there
 * @param ice which paths it takes
 * @param accepts who may call
 * @param calls how long calls wait
 * @param attachments how it is found
 * @param looksAround whether it looks for nodes on the local network, which then learns of that
 */
public record MeetConfig(
    SessionConfig session,
    IcePolicy ice,
    AcceptPolicy accepts,
    CallConfig calls,
    AttachmentsConfig attachments,
    boolean looksAround) {

  /** A peer that everybody whom the policy lets through may call, by any path. */
  public static MeetConfig of(SessionConfig session, AcceptPolicy accepts) {
    return new MeetConfig(
        session,
        IcePolicy.PREFER_DIRECT,
        accepts,
        CallConfig.STANDARD,
        AttachmentsConfig.standard(),
        false);
  }

  /** The same by other paths. */
  public MeetConfig withPolicy(IcePolicy other) {
    return new MeetConfig(session, other, accepts, calls, attachments, looksAround);
  }

  /** The same with other times to wait. */
  public MeetConfig withCalls(CallConfig other) {
    return new MeetConfig(session, ice, accepts, other, attachments, looksAround);
  }

  /** The same that is found in another way. */
  public MeetConfig withAttachments(AttachmentsConfig other) {
    return new MeetConfig(session, ice, accepts, calls, other, looksAround);
  }

  /** The same that looks for nodes on the local network, too. */
  public MeetConfig lookingAround() {
    return new MeetConfig(session, ice, accepts, calls, attachments, true);
  }
}

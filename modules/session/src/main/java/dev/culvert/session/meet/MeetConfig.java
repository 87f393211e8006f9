package dev.culvert.session.meet;

import dev.culvert.ice.IcePolicy;
import dev.culvert.punch.PunchConfig;
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
 * @param punch how much is done to punch a path where plain ICE has none that is direct
 * @param looksAround whether it looks for nodes on the local network, which then learns of that
 */
public record MeetConfig(
    SessionConfig session,
    IcePolicy ice,
    AcceptPolicy accepts,
    CallConfig calls,
    AttachmentsConfig attachments,
    PunchConfig punch,
    boolean looksAround) {

  /** A peer that everybody whom the policy lets through may call, by any path. */
  public static MeetConfig of(SessionConfig session, AcceptPolicy accepts) {
    return new MeetConfig(
        session,
        IcePolicy.PREFER_DIRECT,
        accepts,
        CallConfig.STANDARD,
        AttachmentsConfig.standard(),
        PunchConfig.standard(),
        false);
  }

  /** The same by other paths. */
  public MeetConfig withPolicy(IcePolicy other) {
    return new MeetConfig(session, other, accepts, calls, attachments, punch, looksAround);
  }

  /** The same with other times to wait. */
  public MeetConfig withCalls(CallConfig other) {
    return new MeetConfig(session, ice, accepts, other, attachments, punch, looksAround);
  }

  /** The same that is found in another way. */
  public MeetConfig withAttachments(AttachmentsConfig other) {
    return new MeetConfig(session, ice, accepts, calls, other, punch, looksAround);
  }

  /** The same that punches more or less. */
  public MeetConfig punching(PunchConfig other) {
    return new MeetConfig(session, ice, accepts, calls, attachments, other, looksAround);
  }

  /** The same that looks for nodes on the local network, too. */
  public MeetConfig lookingAround() {
    return new MeetConfig(session, ice, accepts, calls, attachments, punch, true);
  }
}

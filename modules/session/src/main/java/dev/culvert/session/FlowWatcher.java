package dev.culvert.session;

/** Is told where data can go past a {@link PeerSession}, for drivers that carry it by reference. */
@FunctionalInterface
public interface FlowWatcher {

  /**
   * A link's flows are others from now on: nothing may be taken from, or sent on, those that are
   * not among them. What is carried past the session is to be told to {@link PeerLink#heard} and
   * {@link PeerLink#sent}. Must not call the session.
   */
  void changed(PeerLink link, DirectFlows flows);
}

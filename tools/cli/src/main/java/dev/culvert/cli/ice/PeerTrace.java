package dev.culvert.cli.ice;

import dev.culvert.ice.IceStep;
import dev.culvert.ice.text.IceDescription;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.session.SessionEvent;

/** Is told all that an {@link IcePeer} does, on its thread. */
public interface PeerTrace {
  /** One that nobody reads. */
  PeerTrace NONE =
      new PeerTrace() {
        @Override
        public void begin(PeerTask task, MonotonicTime now) {}

        @Override
        public void told(SessionEvent event, MonotonicTime now) {}

        @Override
        public void took(IceStep step, MonotonicTime now) {}

        @Override
        public void described(boolean own, IceDescription description, MonotonicTime now) {}

        @Override
        public void ended(PeerResult result, MonotonicTime now) {}
      };

  /** It begins. */
  void begin(PeerTask task, MonotonicTime now);

  /** Its session told something. */
  void told(SessionEvent event, MonotonicTime now);

  /** Its agent took a step. */
  void took(IceStep step, MonotonicTime now);

  /** A description is complete, this side's own or the other's. */
  void described(boolean own, IceDescription description, MonotonicTime now);

  /** It is over. */
  void ended(PeerResult result, MonotonicTime now);
}

package dev.culvert.session;

import dev.culvert.ice.IceStep;
import dev.culvert.sansio.MonotonicTime;

/** Is told what the agents of a session's links do, step by step ({@link PeerSession#watch}). */
@FunctionalInterface
public interface StepWatcher {
  /** An agent took a step; told on the session's thread, while it happens. */
  void took(PeerLink link, MonotonicTime at, IceStep step);
}

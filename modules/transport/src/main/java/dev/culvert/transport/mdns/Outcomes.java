package dev.culvert.transport.mdns;

import io.netty.util.concurrent.Future;

/** Says at a call whose future is dropped that this is meant. */
final class Outcomes {
  private Outcomes() {}

  /** How it ends shows elsewhere, or nobody can do anything about it. */
  static void ignored(Future<?> future) {}
}

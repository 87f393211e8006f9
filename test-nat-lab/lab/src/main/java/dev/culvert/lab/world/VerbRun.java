package dev.culvert.lab.world;

import java.util.Map;

/**
 * A {@link Verb} that was begun. Nothing happens in it but while its world lets time pass.
 *
 * <p>A server is ready when it can be asked and done only when it was stopped; anything else is
 * ready at once.
 */
public interface VerbRun {

  /** Whether it does what others may wait for. */
  boolean isReady();

  /** Whether it has ended. */
  boolean isDone();

  /** Ends it. */
  void stop();

  /** Its exit code, as the command would have it; meaningless before it is done. */
  int exitCode();

  /**
   * What it found, by dotted paths as in its JSON: {@code ipv4.mapping} is {@code
   * endpoint-independent}; the same in both worlds.
   */
  Map<String, String> fields();

  /** What it said, for people. */
  String output();
}

package dev.culvert.cli.connect.stream;

import java.util.Optional;
import java.util.Set;

/**
 * What streams of others may be for.
 *
 * @param pipe what becomes the other end of a pipe, for the first who asks
 * @param forwards which ports may be reached through this host
 * @param inbox who takes files
 */
public record Services(Optional<TwoWay> pipe, Set<Target> forwards, Optional<Inbox> inbox) {
  /** Copies the set. */
  public Services {
    forwards = Set.copyOf(forwards);
  }
}

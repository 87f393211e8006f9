package dev.culvert.examples.swarm;

import java.io.IOException;

/** A peer said what no honest one says, or a file is not what it should be; in one line. */
final class SwarmException extends IOException {
  private static final long serialVersionUID = 1;

  SwarmException(String message) {
    super(message);
  }
}

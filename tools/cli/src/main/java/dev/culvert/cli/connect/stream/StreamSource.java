package dev.culvert.cli.connect.stream;

import java.io.IOException;

/** Opens streams to the other side. */
@FunctionalInterface
public interface StreamSource {
  /**
   * Opens one; blocks while the other side allows none more.
   *
   * @throws IOException if there is no connection any more
   */
  TwoWay open() throws IOException;
}

package dev.culvert.it;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** One side of a connection, whoever wrote it. */
interface IceParty extends AutoCloseable {
  /**
   * The next thing that the other side is to be told, once there is one.
   *
   * @return empty if nothing came in time or nothing will
   */
  Optional<Signal> next(Duration limit) throws Exception;

  /** Tells it what the other side said. */
  void hear(Signal signal) throws Exception;

  /** Begins anew; the other side follows. */
  void restart() throws Exception;

  @Override
  void close() throws IOException;
}

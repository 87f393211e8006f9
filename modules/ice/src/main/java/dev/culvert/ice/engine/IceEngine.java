package dev.culvert.ice.engine;

import dev.culvert.ice.IceConfig;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Connects this host to peers by ICE (RFC 8445).
 *
 * <p>Safe for any thread. How it was made says which addresses, servers and relays it uses.
 */
public interface IceEngine extends AutoCloseable {

  /** What people choose it by, one word in small letters. */
  String name();

  /** What it can do beyond the least that all engines can. */
  Set<IceFeature> features();

  /**
   * Begins with another peer: candidates are found and told from now on.
   *
   * @param config the agent's; what the engine has no {@link #features feature} for is refused
   * @param listener is called with everything that the connection tells, in order and one at a
   *     time, on a thread of the engine; it must not block
   * @throws IllegalArgumentException if the engine cannot do what the configuration says, one line
   *     for people
   * @throws IllegalStateException if it is closed
   */
  IceConnection open(IceConfig config, Consumer<? super ConnectionEvent> listener);

  /**
   * Ends all connections, gives allocations back and closes the sockets; returns when that is done,
   * or after at most four seconds. Not to be called on a thread of the engine.
   */
  @Override
  void close();
}

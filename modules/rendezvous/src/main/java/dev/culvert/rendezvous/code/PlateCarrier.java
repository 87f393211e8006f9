package dev.culvert.rendezvous.code;

import dev.culvert.identity.PeerId;
import dev.culvert.rendezvous.wire.Frame;
import dev.culvert.sansio.MonotonicTime;
import java.util.function.LongFunction;

/** What asks nodes for an {@link Introduction}, such as a {@code NodeClient} for each. */
@FunctionalInterface
public interface PlateCarrier {
  /**
   * Asks a node. What it answers is told later, and not before this returns, by {@link
   * Introduction#take}.
   *
   * @param node one that is {@link Introduction#attached}
   * @param request makes the request with the id that it gets
   * @return that id
   */
  long ask(PeerId node, LongFunction<Frame.Request> request, MonotonicTime now);
}

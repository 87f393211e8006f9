package dev.culvert.ice;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import java.util.List;

/** What an {@link IceAgent} tells. */
public sealed interface IceEvent {
  /**
   * It has come further, or fallen back.
   *
   * @param state now
   */
  record StateChanged(IceState state) implements IceEvent {}

  /**
   * A component's data goes another way from now on, or has a way at last.
   *
   * @param path the way
   */
  record PathChanged(IcePath path) implements IceEvent {}

  /**
   * A component has no path any more.
   *
   * @param component which
   */
  record PathLost(ComponentId component) implements IceEvent {}

  /**
   * It failed; {@link IceState#FAILED} was told before.
   *
   * @param reason why
   * @param fates what became of every pair
   */
  record Failed(IceFailure reason, List<PairFate> fates) implements IceEvent {
    /** Copies the list. */
    public Failed {
      fates = List.copyOf(fates);
    }
  }

  /**
   * Something other than STUN came over a path that the peer has proven.
   *
   * @param component whose
   * @param from how it came
   * @param data what
   */
  record Received(ComponentId component, Flow from, Bytes data) implements IceEvent {}
}

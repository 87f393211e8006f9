package dev.culvert.turn.server;

import dev.culvert.sansio.TransportAddress;
import dev.culvert.turn.FiveTuple;
import java.util.List;

/** What a relay tells whoever runs it. */
public sealed interface TurnEvent {

  /**
   * An allocation was made.
   *
   * @param client for whom
   * @param username as the client wrote it
   * @param relayed the announced addresses, one or, with ADDITIONAL-ADDRESS-FAMILY, two
   */
  record Allocated(FiveTuple client, String username, List<TransportAddress> relayed)
      implements TurnEvent {
    /** Copies the list. */
    public Allocated {
      relayed = List.copyOf(relayed);
    }
  }

  /**
   * An allocation ended.
   *
   * @param client whose it was
   * @param username as the client wrote it
   * @param cause why
   * @param toPeers payload bytes relayed to peers
   * @param toClient payload bytes relayed to the client
   */
  record Ended(FiveTuple client, String username, Cause cause, long toPeers, long toClient)
      implements TurnEvent {
    /** Why allocations end. */
    public enum Cause {
      /** The client gave it back. */
      RELEASED,
      /** It was not refreshed in time. */
      EXPIRED,
      /** The client's connection ended. */
      DISCONNECTED,
      /** The relay's operator ended it. */
      DROPPED
    }
  }
}

package dev.culvert.cli.lab.relay;

import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import java.util.Optional;

/**
 * What one side tells the other out of band before they talk.
 *
 * @param allocation what it got of the relay; empty if it got nothing
 * @param reason why it got nothing, or not on the first try; one line, empty if there is none
 */
public record RelayDescription(Optional<Allocation> allocation, String reason) {

  /**
   * An allocation.
   *
   * @param over how the side speaks to the relay
   * @param relayed where peers find it
   * @param mapped how the relay sees it
   */
  public record Allocation(Transport over, TransportAddress relayed, TransportAddress mapped) {}
}

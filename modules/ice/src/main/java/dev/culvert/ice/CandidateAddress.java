package dev.culvert.ice;

import dev.culvert.sansio.TransportAddress;
import java.util.Optional;

/** Where a candidate is: an address, or a name that stands for one. */
public sealed interface CandidateAddress {
  /** The address, unless only a name is known. */
  Optional<TransportAddress> known();

  /**
   * An address.
   *
   * @param address it
   */
  record Ip(TransportAddress address) implements CandidateAddress {
    @Override
    public Optional<TransportAddress> known() {
      return Optional.of(address);
    }
  }

  /**
   * A name to be resolved by whoever wants to talk to it; in the domain {@code local} by multicast
   * DNS (draft-ietf-mmusic-mdns-ice-candidates).
   *
   * @param name fully qualified, without a dot at its end
   * @param port 1 to 65535
   */
  record Named(String name, int port) implements CandidateAddress {
    @Override
    public Optional<TransportAddress> known() {
      return Optional.empty();
    }
  }
}

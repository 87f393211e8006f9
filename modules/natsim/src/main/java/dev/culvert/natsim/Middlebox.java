package dev.culvert.natsim;

import dev.culvert.natsim.Packet.Signal;
import dev.culvert.sansio.MonotonicTime;
import java.util.Optional;

/** What a router does to packets beyond passing them on. */
interface Middlebox {

  /**
   * What becomes of a packet.
   *
   * @param packet what goes on; empty if nothing does
   * @param outward where it goes on to
   * @param fate why nothing goes on
   * @param error what the sender is told; empty for nothing
   */
  record Passage(Optional<Packet> packet, boolean outward, String fate, Optional<Signal> error) {

    static Passage out(Packet packet) {
      return new Passage(Optional.of(packet), true, "", Optional.empty());
    }

    static Passage in(Packet packet) {
      return new Passage(Optional.of(packet), false, "", Optional.empty());
    }

    static Passage drop(String fate) {
      return new Passage(Optional.empty(), false, fate, Optional.empty());
    }

    static Passage refuse(String fate, Signal error) {
      return new Passage(Optional.empty(), false, fate, Optional.of(error));
    }
  }

  /** A packet from inside. */
  Passage fromInside(Packet packet, MonotonicTime now);

  /** A packet from outside. */
  Passage fromOutside(Packet packet, MonotonicTime now);

  /** Forgets everything, as after a restart. */
  void forget();
}

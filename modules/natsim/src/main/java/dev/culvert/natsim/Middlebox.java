package dev.culvert.natsim;

import dev.culvert.natsim.Packet.Signal;
import dev.culvert.sansio.MonotonicTime;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What a router does to packets beyond passing them on. */
interface Middlebox {

  /**
   * What becomes of a packet.
   *
   * @param packet what goes on; empty if nothing does
   * @param outward where it goes on to
   * @param fate why nothing goes on
   * @param error what the sender is told; empty for nothing
   * @param patience how much later it is told, and only if {@link Middlebox#stillRefuses} then
   */
  record Passage(
      Optional<Packet> packet,
      boolean outward,
      String fate,
      Optional<Signal> error,
      Duration patience) {

    static Passage out(Packet packet) {
      return new Passage(Optional.of(packet), true, "", Optional.empty(), Duration.ZERO);
    }

    static Passage in(Packet packet) {
      return new Passage(Optional.of(packet), false, "", Optional.empty(), Duration.ZERO);
    }

    static Passage drop(String fate) {
      return new Passage(Optional.empty(), false, fate, Optional.empty(), Duration.ZERO);
    }

    static Passage refuse(String fate, Signal error) {
      return refuse(fate, error, Duration.ZERO);
    }

    static Passage refuse(String fate, Signal error, Duration patience) {
      return new Passage(Optional.empty(), false, fate, Optional.of(error), patience);
    }
  }

  /** A packet from inside. */
  Passage fromInside(Packet packet, MonotonicTime now);

  /** A packet from outside. */
  Passage fromOutside(Packet packet, MonotonicTime now);

  /** Whether a packet that was refused some time ago would be refused still. */
  default boolean stillRefuses(Packet packet, MonotonicTime now) {
    return true;
  }

  /** Forgets everything, as after a restart. */
  void forget();

  /** Uses other external addresses from now on and forgets everything. */
  default void readdress(List<InetAddress> external) {
    forget();
  }

  /** Shows the translators in it. */
  default void eachNat(Consumer<Nat> action) {}

  /** Shows the firewalls in it. */
  default void eachFirewall(Consumer<Firewall> action) {}
}

package dev.culvert.detect;

import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.attribute.ChangedAddress;
import dev.culvert.stun.attribute.OtherAddress;
import java.time.Duration;
import java.util.Optional;

/** One address of a server as seen from one path, and what is known of its honesty. */
final class Target {
  private final DetectServer server;
  private final TransportAddress address;
  private Optional<TransportAddress> alternate = Optional.empty();
  private Optional<Duration> shortest = Optional.empty();
  private Optional<String> lie = Optional.empty();
  private Optional<String> badMapping = Optional.empty();
  private Optional<String> shortcoming = Optional.empty();
  private boolean declines;
  private boolean repeats;

  Target(DetectServer server, TransportAddress address) {
    this.server = server;
    this.address = address;
  }

  DetectServer server() {
    return server;
  }

  TransportAddress address() {
    return address;
  }

  /** The address and port it says it has besides, both different from {@link #address}. */
  Optional<TransportAddress> alternate() {
    return alternate;
  }

  /** Its own IP address with the other port. */
  Optional<TransportAddress> otherPort() {
    return alternate.map(other -> address.withPort(other.port()));
  }

  /** Its other IP address with the same port. */
  Optional<TransportAddress> otherIp() {
    return alternate.map(other -> other.withPort(address.port()));
  }

  boolean isAlive() {
    return shortest.isPresent();
  }

  Optional<Duration> shortestRoundTrip() {
    return shortest;
  }

  /** What is wrong with where it answers from; empty if nothing is known to be. */
  Optional<String> lie() {
    return lie;
  }

  /** What is wrong with the addresses that it reports; empty if nothing is known to be. */
  Optional<String> badMapping() {
    return badMapping;
  }

  /** Why the other address that it names is of no use; empty if it is, or if it names none. */
  Optional<String> shortcoming() {
    return shortcoming;
  }

  /** Whether it reported the same address when asked again, and never one that cannot be. */
  boolean isSteady() {
    return repeats && badMapping.isEmpty();
  }

  void repeatsItself() {
    repeats = true;
  }

  /** Whether it answers CHANGE-REQUEST with an error. */
  boolean declines() {
    return declines;
  }

  /** It answered from where it was asked. */
  void answered(StunMessage response, Duration roundTrip) {
    shortest = Optional.of(shortest.filter(old -> old.compareTo(roundTrip) <= 0).orElse(roundTrip));
    if (alternate.isEmpty()) {
      response
          .first(OtherAddress.class)
          .map(OtherAddress::address)
          .or(() -> response.first(ChangedAddress.class).map(ChangedAddress::address))
          .ifPresent(this::offers);
    }
  }

  private void offers(TransportAddress other) {
    boolean usable =
        other.isIpv4() == address.isIpv4()
            && other.port() != 0
            && !other.ip().isAnyLocalAddress()
            && !other.ip().isMulticastAddress();
    if (!usable || other.ip().equals(address.ip()) || other.port() == address.port()) {
      shortcoming = Optional.of("its other address is not at another IP address and port");
    } else {
      alternate = Optional.of(other);
    }
  }

  void lies(String how) {
    if (lie.isEmpty()) {
      lie = Optional.of(how);
    }
  }

  void reportsBadly(String how) {
    if (badMapping.isEmpty()) {
      badMapping = Optional.of(how);
    }
  }

  void declined() {
    declines = true;
  }
}

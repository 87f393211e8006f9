package dev.culvert.detect;

import dev.culvert.sansio.TransportAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * What was learnt about one address of one STUN server, seen from one local address.
 *
 * @param name how the user named the server
 * @param address its address; empty if its name could not be resolved
 * @param roundTrip the shortest time between a request over UDP and its answer; unknown if none
 *     came
 * @param rfc5780 whether it can test filtering: it answers CHANGE-REQUEST, and from where it says
 * @param alternate what it gave as OTHER-ADDRESS; empty if it gave none
 * @param note one sentence for people about what is wrong with it; empty if nothing is
 */
public record ServerReport(
    String name,
    Optional<TransportAddress> address,
    Finding<Duration> roundTrip,
    Finding<Rfc5780> rfc5780,
    Optional<TransportAddress> alternate,
    Optional<String> note) {

  /** How far a server's support of RFC 5780 can be relied on. */
  public enum Rfc5780 {
    /** It answers from where it was asked to. */
    YES("yes"),
    /** It does not offer it. */
    NO("no"),
    /** It answers from elsewhere than it was asked to, or reports addresses that cannot be. */
    DISHONEST("dishonest");

    private final String text;

    Rfc5780(String text) {
      this.text = text;
    }

    /** The word that reports show. */
    @Override
    public String toString() {
      return text;
    }
  }
}

package dev.culvert.ice;

import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A way to reach an agent, as it is told to the other one (RFC 8445 §5.1).
 *
 * @param foundation 1 to 32 letters, digits, + and /: equal for candidates of one kind that are
 *     likely to work or fail together
 * @param component which flow of data it is for
 * @param transport UDP or TCP
 * @param priority 1 to 2³¹-1, the greater the better
 * @param address where it is
 * @param type how it came to be known
 * @param related the address that it was derived from; only for the diagnosis, and absent where it
 *     is nobody's business
 * @param tcpType who connects; present for TCP alone
 */
public record Candidate(
    String foundation,
    ComponentId component,
    Transport transport,
    long priority,
    CandidateAddress address,
    CandidateType type,
    Optional<TransportAddress> related,
    Optional<TcpType> tcpType) {
  private static final long MOST_PRIORITY = 0x7fff_ffffL;
  private static final Pattern FOUNDATION = Pattern.compile("[A-Za-z0-9+/]{1,32}");

  /** Refuses what RFC 8839 §5.1 cannot say. */
  public Candidate {
    if (!FOUNDATION.matcher(foundation).matches()) {
      throw new IllegalArgumentException("a foundation has 1 to 32 letters, digits, + and /");
    }
    if (priority < 1 || priority > MOST_PRIORITY) {
      throw new IllegalArgumentException("a priority is 1 to 2147483647, not " + priority);
    }
    if (transport != Transport.UDP && transport != Transport.TCP) {
      throw new IllegalArgumentException("a candidate is for UDP or TCP, not " + transport);
    }
    if (tcpType.isPresent() != (transport == Transport.TCP)) {
      throw new IllegalArgumentException("a TCP candidate, and no other, says who connects");
    }
  }

  /** The same under another priority. */
  public Candidate withPriority(long other) {
    return new Candidate(foundation, component, transport, other, address, type, related, tcpType);
  }

  /** The same at another address, such as the one that its name stands for. */
  public Candidate withAddress(CandidateAddress other) {
    return new Candidate(foundation, component, transport, priority, other, type, related, tcpType);
  }

  /** The same without a word of where it was derived from (RFC 8445 §5.1.1, RFC 8839 §5.1). */
  public Candidate withoutRelated() {
    return new Candidate(
        foundation, component, transport, priority, address, type, Optional.empty(), tcpType);
  }
}

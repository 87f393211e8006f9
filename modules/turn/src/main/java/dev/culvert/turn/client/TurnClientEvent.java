package dev.culvert.turn.client;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/**
 * What a {@link TurnClient} tells. {@link Failed} and {@link Closed} are the last thing that it
 * tells; {@link Lost} is, too, unless {@link TurnClientConfig#reallocates} and {@link Postponed}
 * follows.
 */
public sealed interface TurnClientEvent {

  /**
   * The relay has made an allocation.
   *
   * @param server the server that has made it: the one asked, or one that it named instead
   * @param relayed where peers send to: one address or, if both IP versions were asked for, two
   * @param mapped the client as the server sees it
   * @param lifetime how long the server keeps it without a refresh; the client sees to that
   */
  record Allocated(
      TransportAddress server,
      List<TransportAddress> relayed,
      TransportAddress mapped,
      Duration lifetime)
      implements TurnClientEvent {
    /** Copies the list. */
    public Allocated {
      relayed = List.copyOf(relayed);
    }
  }

  /**
   * A peer may send from now on, from any port of its address.
   *
   * @param peer whose address was given to {@link TurnClient#permit}
   */
  record Permitted(InetAddress peer) implements TurnClientEvent {}

  /**
   * Data to and from a peer travels over a channel from now on.
   *
   * @param peer whom data was sent to
   * @param channel its number
   */
  record ChannelBound(TransportAddress peer, int channel) implements TurnClientEvent {}

  /**
   * A permission or channel was not granted or not prolonged; what waited for it is dropped, and
   * the peer is forgotten. The server is not asked about it again for half a second, then a second,
   * and so on up to five minutes: what is sent in between is dropped.
   *
   * @param peer the peer's address
   * @param code the server's error code; 0 if it did not answer
   * @param reason one line for people
   */
  record PeerRefused(InetAddress peer, int code, String reason) implements TurnClientEvent {}

  /**
   * A peer's datagram came.
   *
   * @param peer who sent it
   * @param data what it holds
   */
  record Received(TransportAddress peer, Bytes data) implements TurnClientEvent {}

  /**
   * The relay got an ICMP error about a datagram to a peer (RFC 8656 §11.5).
   *
   * @param peer whom the datagram was for
   * @param icmpType of ICMPv4 or ICMPv6, as the peer's address is
   * @param icmpCode as in the ICMP message
   */
  record PeerUnreachable(TransportAddress peer, int icmpType, int icmpCode)
      implements TurnClientEvent {}

  /** The server sent the client to another one, which is asked now. */
  record Redirected(TransportAddress server) implements TurnClientEvent {}

  /**
   * There is no allocation at present; the server is asked again unless the client is closed. Known
   * peers are known to the next allocation, too.
   *
   * @param code the server's error code: 486, 500 or 508; after a loss any, and 0 if it did not say
   *     anything
   * @param reason one line for people
   * @param pause for how long it is left alone
   */
  record Postponed(int code, String reason, Duration pause) implements TurnClientEvent {}

  /**
   * There will be no allocation.
   *
   * @param code the server's error code; 0 if the server was not reached or not understood
   * @param reason one line for people
   */
  record Failed(int code, String reason) implements TurnClientEvent {}

  /**
   * The allocation is gone: the server has dropped it, or is not reached any more.
   *
   * @param code the server's error code; 0 if it did not say anything
   * @param reason one line for people
   */
  record Lost(int code, String reason) implements TurnClientEvent {}

  /** The client has given the allocation back, or tried to. */
  record Closed() implements TurnClientEvent {}
}

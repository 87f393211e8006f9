package dev.culvert.turn.server;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.TransportAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A TCP connection between a relayed address and a peer (RFC 6062 §3). */
final class PeerConnection {
  /** Of a driver that reads before it may, so much is kept. */
  private static final int MOST_EARLY = 64 << 10;

  final Allocation allocation;
  final long socket;
  final TransportAddress peer;

  /** The Connect request that is not answered yet; empty: the peer connected, or it is answered. */
  Optional<Request> asked;

  /** What the client calls it by. */
  final long connectionId;

  /** Its flow, once it stands. */
  Optional<Flow> flow = Optional.empty();

  /** The client's data connection, once they are joined. */
  Optional<Flow> client = Optional.empty();

  private final List<Bytes> early = new ArrayList<>();
  private int earlyLength;

  PeerConnection(
      Allocation allocation,
      long socket,
      TransportAddress peer,
      Optional<Request> asked,
      long connectionId) {
    this.allocation = allocation;
    this.socket = socket;
    this.peer = peer;
    this.asked = asked;
    this.connectionId = connectionId;
  }

  /** Keeps what came before the connections were joined; false: it is too much. */
  boolean keep(Bytes bytes) {
    earlyLength += bytes.length();
    return earlyLength <= MOST_EARLY && early.add(bytes);
  }

  /** What came before, which is then forgotten. */
  List<Bytes> takeEarly() {
    List<Bytes> all = List.copyOf(early);
    early.clear();
    return all;
  }
}

package dev.culvert.detect;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.StreamFraming;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A socket or connection that was asked for, and what became of it. */
final class LocalSocket {
  /** No STUN response to a request of ours over a stream is larger. */
  private static final int LARGEST_MESSAGE = 2048;

  private final long id;
  private final Transport transport;
  private final Optional<TransportAddress> remote;
  private final StreamFraming framing = new StreamFraming(false, LARGEST_MESSAGE);
  private final List<Bytes> other = new ArrayList<>();
  private Optional<TransportAddress> local = Optional.empty();
  private Optional<CloseCause> unreachable = Optional.empty();
  private Optional<CloseCause> closed = Optional.empty();
  private String detail = "";
  private boolean ttl;

  LocalSocket(long id, Transport transport, Optional<TransportAddress> remote) {
    this.id = id;
    this.transport = transport;
    this.remote = remote;
  }

  long id() {
    return id;
  }

  Transport transport() {
    return transport;
  }

  StreamFraming framing() {
    return framing;
  }

  boolean isOpen() {
    return local.isPresent() && closed.isEmpty();
  }

  /** The local address; empty until it is open. */
  Optional<TransportAddress> local() {
    return local;
  }

  /** Why it ended or never opened; empty as long as it has not. */
  Optional<CloseCause> closed() {
    return closed;
  }

  /** One line on why it ended. */
  String detail() {
    return detail;
  }

  /** What the network said about the way to the remote address. */
  Optional<CloseCause> unreachable() {
    return unreachable;
  }

  boolean ttl() {
    return ttl;
  }

  /** Datagrams that are not STUN, the first few. */
  List<Bytes> other() {
    return other;
  }

  Flow flow(TransportAddress to) {
    return new Flow(id, transport, local.orElse(to), remote.orElse(to));
  }

  void opened(TransportAddress address, boolean heedsTtl) {
    local = Optional.of(address);
    ttl = heedsTtl;
  }

  void ended(CloseCause cause, String why) {
    closed = Optional.of(cause);
    detail = why;
  }

  void unreachable(CloseCause cause) {
    unreachable = Optional.of(cause);
  }

  void heard(Bytes payload) {
    if (other.size() < 8) {
      other.add(payload);
    }
  }
}

package dev.culvert.rendezvous.node;

import dev.culvert.identity.PeerId;
import dev.culvert.rendezvous.wire.Frame;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.MonotonicTime;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Who may connect, and whose signature is looked at. */
final class Gate {
  /** So often in a minute a peer with a token goes first; whoever stole one does no better. */
  static final int RETURNS = 10;

  private final NodeLimits limits;
  private final ResumeTokens tokens;
  private final Tally<Bytes> connections = new Tally<>();
  private final Buckets<Bytes> proofs;
  private final Buckets<PeerId> returns = new Buckets<>(RETURNS);
  private final Buckets<Bytes> messages;
  private Optional<Bucket> allProofs = Optional.empty();
  private int all;

  Gate(NodeLimits limits, ResumeTokens tokens) {
    this.limits = limits;
    this.tokens = tokens;
    this.proofs = new Buckets<>(limits.proofsPerPrefix());
    this.messages = new Buckets<>(limits.messagesPerPrefix());
  }

  ResumeTokens tokens() {
    return tokens;
  }

  boolean mayEnter(InetAddress from) {
    return all < limits.connections()
        && (from.isLoopbackAddress()
            || connections.of(prefix(from)) < limits.connectionsPerPrefix());
  }

  void entered(InetAddress from) {
    all++;
    connections.add(prefix(from));
  }

  void left(InetAddress from) {
    all--;
    connections.remove(prefix(from));
  }

  /**
   * Whether a signature is checked now; whoever shows a token was here before and goes first.
   *
   * @return empty if so, else how long to wait
   */
  Optional<Duration> mayProve(InetAddress from, Frame.Auth auth, Instant time, MonotonicTime now) {
    Bytes prefix = prefix(from);
    boolean known =
        auth.resume().filter(token -> tokens.isValid(token, auth.peer(), time)).isPresent()
            && returns.take(auth.peer(), now);
    if (!known && !from.isLoopbackAddress() && !proofs.take(prefix, now)) {
      return Optional.of(proofs.wait(prefix, now));
    }
    Bucket everybody = allProofs.orElseGet(() -> new Bucket(limits.proofs(), now));
    allProofs = Optional.of(everybody);
    return everybody.take(now) ? Optional.empty() : Optional.of(everybody.wait(now));
  }

  /**
   * Whether one more message is read, which costs something even if nothing comes of it.
   *
   * @return empty if so, else how long to wait
   */
  Optional<Duration> maySay(Guest guest, MonotonicTime now) {
    if (!guest.messages().take(now)) {
      return Optional.of(guest.messages().wait(now));
    }
    InetAddress from = guest.flow().remote().ip();
    Bytes prefix = prefix(from);
    return from.isLoopbackAddress() || messages.take(prefix, now)
        ? Optional.empty()
        : Optional.of(messages.wait(prefix, now));
  }

  /** The network that an address is counted with. */
  static Bytes prefix(InetAddress ip) {
    Bytes bytes = Bytes.wrap(ip.getAddress());
    return bytes.slice(0, bytes.length() == 4 ? 3 : 7);
  }
}

package dev.culvert.detect;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Asks the router for its outside address over NAT-PMP (RFC 6886 §3.2). */
final class GatewayProbe {
  private static final int PORT = 5351;
  private static final Bytes REQUEST = Bytes.of(0, 0);
  private static final Duration FIRST_WAIT = Duration.ofMillis(100);
  private static final int MOST_TRIES = 3;

  private final PathState path;
  private final TransportAddress router;
  private final LocalSocket socket;
  private Optional<MonotonicTime> next = Optional.empty();
  private int tries;

  GatewayProbe(PathState path, InetAddress router) {
    this.path = path;
    this.router = new TransportAddress(router, PORT);
    this.socket =
        path.postbox()
            .connect(
                dev.culvert.sansio.Transport.UDP,
                Optional.of(path.ip()),
                this.router,
                Optional.empty());
  }

  void advance(MonotonicTime now) {
    boolean due = next.filter(now::isBefore).isEmpty();
    if (socket.isOpen() && due && tries < MOST_TRIES && !isSettled(now)) {
      path.postbox().send(socket, router, REQUEST);
      next = Optional.of(now.plus(FIRST_WAIT.multipliedBy(1L << tries)));
      tries++;
    }
  }

  Optional<MonotonicTime> next() {
    return next;
  }

  boolean isSettled(MonotonicTime now) {
    return statement().isPresent()
        || socket.closed().isPresent()
        || socket.unreachable().isPresent()
        || (tries == MOST_TRIES && next.filter(now::isBefore).isEmpty());
  }

  /** What it said; version 0, opcode 128, result 0, the epoch, the address. */
  Optional<InetAddress> statement() {
    List<Bytes> heard = socket.other();
    return heard.stream()
        .filter(reply -> reply.length() == 12 && reply.int32(0) == 0x0080_0000)
        .map(reply -> IpLiterals.ofBytes(reply.slice(8)))
        .filter(ip -> !ip.isAnyLocalAddress())
        .findFirst();
  }
}

package dev.culvert.ice4j;

import java.io.UncheckedIOException;
import java.net.SocketException;
import java.util.Optional;
import org.ice4j.TransportAddress;
import org.ice4j.ice.Candidate;
import org.ice4j.ice.RelayedCandidate;
import org.ice4j.socket.IceSocketWrapper;
import org.ice4j.socket.IceUdpSocketWrapper;
import org.ice4j.socket.MultiplexingDatagramSocket;

/** An address on a relay, which is never asked for peers that it would refuse. */
final class RelayCandidate extends RelayedCandidate {
  private final RelayHarvester.Allocation allocation;
  private Optional<RelaySocket> toRelay = Optional.empty();
  private Optional<IceSocketWrapper> socket = Optional.empty();

  RelayCandidate(
      TransportAddress relayed, RelayHarvester.Allocation allocation, TransportAddress mapped) {
    super(relayed, allocation, mapped);
    this.allocation = allocation;
  }

  /** Tells the relay that nobody needs it any more; ice4j itself would no longer be able to. */
  void giveBack() {
    allocation.close(socketToRelay());
  }

  @Override
  public boolean canReach(Candidate<?> peer) {
    return !PrivateAddresses.contains(peer.getTransportAddress().getAddress())
        && super.canReach(peer);
  }

  private synchronized RelaySocket socketToRelay() {
    if (toRelay.isEmpty()) {
      try {
        toRelay = Optional.of(new RelaySocket(this, allocation, allocation.loop()));
      } catch (SocketException e) {
        throw new UncheckedIOException(e);
      }
    }
    return toRelay.get();
  }

  @Override
  public synchronized IceSocketWrapper getCandidateIceSocketWrapper() {
    if (socket.isEmpty()) {
      try {
        socket =
            Optional.of(new IceUdpSocketWrapper(new MultiplexingDatagramSocket(socketToRelay())));
      } catch (SocketException e) {
        throw new UncheckedIOException(e);
      }
    }
    return socket.get();
  }
}

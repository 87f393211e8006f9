package dev.culvert.ice4j;

import dev.culvert.ice.Candidate;
import dev.culvert.ice.CandidateType;
import dev.culvert.ice.ComponentId;
import dev.culvert.ice.IcePath;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.ice4j.ice.CandidatePair;
import org.ice4j.socket.IceSocketWrapper;

/**
 * A pair that a check has proven, and the socket that its datagrams leave by: the pair's own, as
 * ice4j's component may go on sending on another.
 *
 * @param pair as ice4j has it
 * @param socket of its local candidate's base
 * @param remote where the peer is
 * @param flow the same in the form of ours
 */
record Route(CandidatePair pair, IceSocketWrapper socket, InetSocketAddress remote, Flow flow) {
  static Route of(CandidatePair pair, Reader reader) {
    InetSocketAddress remote = pair.getRemoteCandidate().getTransportAddress();
    return new Route(pair, reader.socket(), remote, reader.base().to(Forms.ours(remote)));
  }

  boolean isRelayed() {
    return local().type() == CandidateType.RELAYED || peer().type() == CandidateType.RELAYED;
  }

  Candidate local() {
    return Forms.ours(pair.getLocalCandidate());
  }

  Candidate peer() {
    return Forms.ours(pair.getRemoteCandidate());
  }

  IcePath path(boolean selected) {
    return new IcePath(ComponentId.ONLY, local(), peer(), flow, selected, false, Optional.empty());
  }

  /** Sends it, or drops it where the system has no way at the moment. */
  void send(Bytes data) {
    byte[] bytes = data.toByteArray();
    try {
      socket.send(new DatagramPacket(bytes, bytes.length, remote));
    } catch (IOException e) {
      // Lost, as datagrams may be.
    }
  }
}

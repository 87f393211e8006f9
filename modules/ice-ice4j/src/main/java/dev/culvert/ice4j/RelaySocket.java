package dev.culvert.ice4j;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.ice4j.attribute.Attribute;
import org.ice4j.attribute.ErrorCodeAttribute;
import org.ice4j.attribute.XorPeerAddressAttribute;
import org.ice4j.ice.harvest.TurnCandidateHarvest;
import org.ice4j.message.Message;
import org.ice4j.message.Request;
import org.ice4j.message.Response;
import org.ice4j.socket.RelayedCandidateDatagramSocket;
import org.jspecify.annotations.Nullable;

/**
 * A socket behind a relay. Where the relay refuses a peer, ice4j would ask again at once and for
 * ever; here it asks again after a while, or never.
 */
final class RelaySocket extends RelayedCandidateDatagramSocket {
  private static final long AGAIN_MILLIS = 2_000;
  private static final int STALE_NONCE = 438;
  private static final int SERVER_ERROR = 500;

  private final Set<InetSocketAddress> refused = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService loop;

  RelaySocket(
      RelayCandidate candidate, TurnCandidateHarvest allocation, ScheduledExecutorService loop)
      throws SocketException {
    super(candidate, allocation);
    this.loop = loop;
  }

  @Override
  public void send(DatagramPacket packet) throws IOException {
    InetSocketAddress peer = new InetSocketAddress(packet.getAddress(), packet.getPort());
    if (!refused.contains(peer) && !PrivateAddresses.contains(packet.getAddress())) {
      super.send(packet);
    }
  }

  @Override
  public boolean processErrorOrFailure(@Nullable Response response, @Nullable Request request) {
    if (request == null) {
      return false;
    }
    if (request.getMessageType() != Message.CREATEPERMISSION_REQUEST) {
      return super.processErrorOrFailure(response, request);
    }
    // As long as it is not told of the failure, it believes that the request is still under way.
    if (isFinal(response)) {
      refused.addAll(peer(request).stream().toList());
    } else {
      try {
        var unused =
            loop.schedule(
                () -> super.processErrorOrFailure(response, request),
                AGAIN_MILLIS,
                TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException e) {
        // All is over, so nobody needs it any more.
      }
    }
    return false;
  }

  private static boolean isFinal(@Nullable Response response) {
    if (response != null
        && response.getAttribute(Attribute.ERROR_CODE) instanceof ErrorCodeAttribute error) {
      int code = error.getErrorClass() * 100 + error.getErrorNumber();
      return code < SERVER_ERROR && code != STALE_NONCE;
    }
    return false;
  }

  private static Optional<InetSocketAddress> peer(Request request) {
    return request.getAttribute(Attribute.XOR_PEER_ADDRESS) instanceof XorPeerAddressAttribute peer
        ? Optional.of(peer.getAddress(request.getTransactionID()))
            .map(address -> new InetSocketAddress(address.getAddress(), address.getPort()))
        : Optional.empty();
  }
}

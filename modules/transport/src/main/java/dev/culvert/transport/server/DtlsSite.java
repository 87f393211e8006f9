package dev.culvert.transport.server;

import dev.culvert.sansio.TransportAddress;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;

/**
 * What DTLS listeners share. Each of their sockets belongs to one loop: associations are few beside
 * datagrams, and two sockets on one port would tear them apart when a third joins. A socket on a
 * wildcard address answers from the address that the system's routes choose.
 */
final class DtlsSite {
  private final Binder binder;
  private volatile Optional<TlsIdentity> identity;
  private final ConnectionLimits limits;
  private final ConnectionGate gate;
  private final Executor handshakes;
  private final List<DtlsSocket> sockets = new CopyOnWriteArrayList<>();

  DtlsSite(
      Binder binder,
      Optional<TlsIdentity> identity,
      ConnectionLimits limits,
      ConnectionGate gate,
      Executor handshakes) {
    this.binder = binder;
    this.identity = identity;
    this.limits = limits;
    this.gate = gate;
    this.handshakes = handshakes;
  }

  /**
   * Shows this to clients that begin from now on.
   *
   * @throws IllegalArgumentException if no engine takes the key
   */
  void use(TlsIdentity next) {
    try {
      for (DtlsSocket socket : sockets) {
        socket.use(next);
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("the certificate and its key cannot be used", e);
    }
    identity = Optional.of(next);
  }

  /** Opens one socket; {@code corners} are those of a listener with an alternate. */
  DtlsSocket listen(LoopState loop, TransportAddress address, Optional<Corners> corners)
      throws ListenException {
    try {
      DtlsSocket socket =
          new DtlsSocket(loop, corners, address, identity.orElseThrow(), limits, gate, handshakes);
      socket.open(binder);
      sockets.add(socket);
      return socket;
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("the certificate and its key cannot be used", e);
    }
  }
}

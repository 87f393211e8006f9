package dev.culvert.transport.secure;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.TransportAddress;
import java.net.InetSocketAddress;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/** One client of a {@link DtlsAssociations}. Confined to its loop. */
public final class DtlsAssociation {

  /** What becomes of an association whose handshake is done. */
  public interface Listener {
    /** One datagram's content. */
    void received(Bytes payload);

    /** It is over, for another reason than {@link DtlsAssociation#close}. */
    void ended(CloseCause cause, String detail);

    /** Whether silence may end it. */
    boolean mayIdle();
  }

  private final DtlsAssociations all;
  private final InetSocketAddress remote;
  private final TransportAddress local;
  private final Supplier<SSLEngine> engines;
  private DtlsSession session;
  private @Nullable Listener listener;
  private boolean proven;
  private boolean gone;
  private long lastUsed;

  DtlsAssociation(
      DtlsAssociations all,
      InetSocketAddress remote,
      TransportAddress local,
      Supplier<SSLEngine> engines) {
    this.all = all;
    this.remote = remote;
    this.local = local;
    this.engines = engines;
    session = all.newSession(engines.get(), new Ears());
  }

  void start() {
    session.start();
  }

  /** The client's address. */
  public InetSocketAddress remote() {
    return remote;
  }

  /** The address that the client talks to, as far as the platform tells it. */
  public TransportAddress local() {
    return local;
  }

  /** Sends one datagram's content; false if it is dropped. */
  public boolean send(Bytes payload) {
    lastUsed = System.nanoTime();
    return all.isWritable() && session.send(payload);
  }

  /** Says goodbye; the listener hears nothing more. Harmless when repeated. */
  public void close() {
    if (leave()) {
      session.close();
    }
  }

  boolean isProven() {
    return proven;
  }

  /** Whether a first ClientHello begins something new, and is no repetition. */
  boolean mayBeginAnew() {
    return listener != null || session.awaitsCookie();
  }

  /**
   * Whoever begins again before it showed a cookie may be another than the first time, whose
   * datagrams the old engine takes for repetitions. The context and so the cookies stay.
   */
  void restart() {
    session.discard();
    session = all.newSession(engines.get(), new Ears());
    session.start();
  }

  void receive(Bytes datagram) {
    session.receive(datagram);
  }

  /** Forgets it without a word to the client. */
  void discard() {
    if (leave()) {
      session.discard();
    }
  }

  void end(CloseCause cause, String detail) {
    if (leave()) {
      session.close();
      tell(cause, detail);
    }
  }

  /** The client began anew from the same address: it does not know the old keys any more. */
  void replaced() {
    if (leave()) {
      session.discard();
      tell(CloseCause.RESET, "the client began anew");
    }
  }

  void sweep(long oldest) {
    if (listener != null && lastUsed - oldest < 0 && listener.mayIdle()) {
      end(CloseCause.TIMED_OUT, "nothing was sent or received for too long");
    }
  }

  private boolean leave() {
    if (gone) {
      return false;
    }
    gone = true;
    all.remove(this);
    return true;
  }

  private void tell(CloseCause cause, String detail) {
    if (listener != null) {
      listener.ended(cause, detail);
    }
  }

  private final class Ears implements DtlsSession.Owner {
    @Override
    public void transmit(Bytes datagram) {
      if (!proven && DtlsRecords.isServerHello(datagram)) {
        proven = all.prove(DtlsAssociation.this);
        if (!proven) {
          discard();
          return;
        }
      }
      all.write(datagram, remote);
    }

    @Override
    public void established() {
      lastUsed = System.nanoTime();
      listener = all.opened(DtlsAssociation.this);
    }

    @Override
    public void received(Bytes payload) {
      lastUsed = System.nanoTime();
      if (listener != null && !gone) {
        all.noteReading();
        listener.received(payload);
      }
    }

    @Override
    public void ended(CloseCause cause, String detail) {
      if (cause == CloseCause.TIMED_OUT && listener == null && proven) {
        all.countFailed();
      }
      end(cause, detail);
    }

    @Override
    public void failed(Exception why) {
      if (listener == null && proven) {
        all.countFailed();
      }
      end(CloseCause.OTHER, "DTLS failed: " + why.getMessage());
    }
  }
}

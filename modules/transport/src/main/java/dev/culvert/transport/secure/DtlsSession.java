package dev.culvert.transport.secure;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.CloseCause;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * One end of a DTLS 1.2 association (RFC 6347) on the JDK's engine: feeds it datagrams, sends what
 * it makes, repeats flights when nothing comes (§4.2.4). Confined to its loop; the engine's long
 * arithmetic runs elsewhere meanwhile.
 */
public final class DtlsSession {

  /** What a session tells its owner, on the loop. */
  public interface Owner {
    /** A datagram for the other side. */
    void transmit(Bytes datagram);

    /** The handshake is done and the other side proven. */
    void established();

    /** One datagram's content. */
    void received(Bytes payload);

    /** It is over; nothing more comes. */
    void ended(CloseCause cause, String detail);

    /** It is over because the engine failed; nothing more comes. */
    void failed(Exception why);
  }

  /** Handshake datagrams that fit every path (RFC 8200 §5 leaves 1280). */
  private static final int HANDSHAKE_DATAGRAM = 1200;

  private static final int LARGEST_DATAGRAM = 16_384;
  private static final int BUFFER = 1 << 15;
  private static final int INBOX_LIMIT = 64;
  private static final long FIRST_TIMEOUT_MILLIS = 500;
  private static final long LONGEST_TIMEOUT_MILLIS = 8_000;
  private static final int LAST_FLIGHT_REPEATS = 10;

  private final SSLEngine engine;
  private final EventLoop loop;
  private final Executor slowWork;
  private final Owner owner;
  private final Queue<ByteBuffer> inbox = new ArrayDeque<>();
  private final List<Bytes> flight = new ArrayList<>();
  private final DtlsRecords records = new DtlsRecords();
  private final Future<?> patience;
  private Bytes unsent = Bytes.empty();
  private long timeoutMillis = FIRST_TIMEOUT_MILLIS;
  private @Nullable Future<?> timer;
  private boolean flightOver;
  private boolean busy;
  private boolean established;
  private boolean repeated;
  private boolean ended;
  private int repeats;

  /**
   * A session that has not begun.
   *
   * @param slowWork runs the engine's long arithmetic
   * @param patienceMillis how long a handshake may take
   */
  public DtlsSession(
      SSLEngine engine, EventLoop loop, Executor slowWork, long patienceMillis, Owner owner) {
    this.engine = engine;
    this.loop = loop;
    this.slowWork = slowWork;
    this.owner = owner;
    patience = loop.schedule(this::loseHandshakePatience, patienceMillis, TimeUnit.MILLISECONDS);
  }

  private void limitDatagrams(int size) {
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setMaximumPacketSize(size);
    engine.setSSLParameters(parameters);
  }

  /** Begins the handshake; a client sends its first flight. */
  public void start() {
    guarded(
        () -> {
          // The limit at this moment stays in force for what is received, the present one for
          // what is sent.
          limitDatagrams(LARGEST_DATAGRAM);
          engine.beginHandshake();
          limitDatagrams(HANDSHAKE_DATAGRAM);
          pump();
        });
  }

  /** A datagram arrived; garbage is dropped, as §4.1.2.7 asks. */
  public void receive(Bytes datagram) {
    if (ended || datagram.isEmpty() || inbox.size() >= INBOX_LIMIT) {
      return;
    }
    if (established && DtlsRecords.isHandshake(datagram)) {
      repeatLastFlight();
      return;
    }
    boolean strict = engine.getUseClientMode() && !repeated;
    if (!established && records.isPremature(datagram, strict)) {
      return;
    }
    inbox.add(ByteBuffer.wrap(datagram.toByteArray()));
    guarded(this::pump);
  }

  /** Sends one datagram's content; false if it cannot be sent. */
  public boolean send(Bytes payload) {
    if (!established || ended || payload.isEmpty()) {
      return false;
    }
    try {
      ByteBuffer out = ByteBuffer.allocate(BUFFER);
      SSLEngineResult result = engine.wrap(payload.asByteBuffer(), out);
      if (result.bytesConsumed() != payload.length()) {
        return false;
      }
      owner.transmit(taken(out));
      return true;
    } catch (SSLException | RuntimeException e) {
      fail(e);
      return false;
    }
  }

  /** Whether a server's end asked for a cookie and has seen none so far. */
  boolean awaitsCookie() {
    return !busy && !flight.isEmpty() && DtlsRecords.isHelloVerifyRequest(flight.get(0));
  }

  /** Forgets it without a word to anybody. */
  public void discard() {
    stop();
  }

  /** Says goodbye; the owner hears nothing more. */
  public void close() {
    if (!ended) {
      stop();
      farewell();
    }
  }

  private void farewell() {
    try {
      engine.closeOutbound();
      for (int i = 0; i < 4 && !engine.isOutboundDone(); i++) {
        ByteBuffer out = ByteBuffer.allocate(BUFFER);
        SSLEngineResult result = engine.wrap(ByteBuffer.allocate(0), out);
        if (result.bytesProduced() == 0) {
          return;
        }
        owner.transmit(taken(out));
      }
    } catch (SSLException | RuntimeException e) {
      // There is nothing left to say.
    }
  }

  private void stop() {
    ended = true;
    inbox.clear();
    patience.cancel(false);
    cancelTimer();
  }

  private void end(CloseCause cause, String detail) {
    if (!ended) {
      stop();
      farewell();
      owner.ended(cause, detail);
    }
  }

  private void fail(Exception why) {
    if (!ended) {
      stop();
      farewell();
      owner.failed(why);
    }
  }

  private void loseHandshakePatience() {
    if (awaitsCookie()) {
      // Whoever it claims to be may never have heard of it.
      stop();
      owner.ended(CloseCause.TIMED_OUT, "the client did not show its cookie");
    } else if (!established) {
      end(CloseCause.TIMED_OUT, "the DTLS handshake got no answer");
    }
  }

  private interface EngineWork {
    void run() throws SSLException;
  }

  private void guarded(EngineWork work) {
    try {
      work.run();
    } catch (SSLException | RuntimeException e) {
      fail(e);
    }
  }

  private void pump() throws SSLException {
    while (!ended && !busy) {
      HandshakeStatus status = engine.getHandshakeStatus();
      if (status == HandshakeStatus.NEED_WRAP) {
        wrap();
        continue;
      }
      transmitUnsent();
      if (status == HandshakeStatus.NEED_TASK) {
        runTasks();
      } else if (status == HandshakeStatus.NEED_UNWRAP_AGAIN) {
        unwrap(ByteBuffer.allocate(0));
      } else if (inbox.isEmpty()) {
        if (status == HandshakeStatus.NEED_UNWRAP) {
          awaitAnswer();
        }
        return;
      } else {
        ByteBuffer next = inbox.element();
        unwrap(next);
        if (!next.hasRemaining()) {
          inbox.remove(next);
        }
      }
    }
  }

  private void runTasks() {
    List<Runnable> tasks = new ArrayList<>();
    for (Runnable task = engine.getDelegatedTask();
        task != null;
        task = engine.getDelegatedTask()) {
      tasks.add(task);
    }
    busy = true;
    slowWork.execute(
        () -> {
          try {
            tasks.forEach(Runnable::run);
          } finally {
            if (!loop.isShuttingDown()) {
              loop.execute(
                  () -> {
                    busy = false;
                    guarded(this::afterTasks);
                  });
            }
          }
        });
  }

  private void afterTasks() throws SSLException {
    if (!ended && !established && engine.isInboundDone()) {
      // Only when it is asked for more does the engine say why it gave up.
      wrap();
    }
    pump();
  }

  private void wrap() throws SSLException {
    ByteBuffer out = ByteBuffer.allocate(BUFFER);
    SSLEngineResult result = engine.wrap(ByteBuffer.allocate(0), out);
    if (result.bytesProduced() > 0) {
      Bytes record = taken(out);
      if (unsent.length() + record.length() > HANDSHAKE_DATAGRAM) {
        transmitUnsent();
      }
      unsent = unsent.concat(record);
    }
    if (result.getHandshakeStatus() == HandshakeStatus.FINISHED) {
      transmitUnsent();
    }
    after(result);
  }

  /** A flight's records travel together as far as they fit, so that few can be lost alone. */
  private void transmitUnsent() {
    if (unsent.isEmpty()) {
      return;
    }
    if (flightOver) {
      flightOver = false;
      flight.clear();
    }
    flight.add(unsent);
    owner.transmit(unsent);
    unsent = Bytes.empty();
  }

  private void unwrap(ByteBuffer datagram) throws SSLException {
    ByteBuffer content = ByteBuffer.allocate(BUFFER);
    SSLEngineResult result = engine.unwrap(datagram, content);
    if (result.bytesConsumed() == 0 && !hasOtherWork()) {
      datagram.position(datagram.limit());
    }
    after(result);
    if (content.position() > 0 && established && !ended) {
      owner.received(taken(content));
    }
  }

  /** Whether the engine left a datagram alone because it must do something else first. */
  private boolean hasOtherWork() {
    HandshakeStatus status = engine.getHandshakeStatus();
    return status == HandshakeStatus.NEED_TASK
        || status == HandshakeStatus.NEED_WRAP
        || status == HandshakeStatus.NEED_UNWRAP_AGAIN;
  }

  private void after(SSLEngineResult result) {
    if (result.getHandshakeStatus() == HandshakeStatus.FINISHED && !established) {
      established = true;
      patience.cancel(false);
      cancelTimer();
      limitDatagrams(LARGEST_DATAGRAM);
      owner.established();
    }
    if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
      end(CloseCause.FINISHED, "the other side closed the connection");
    }
  }

  /**
   * Repeats the own flight unless an answer comes. A server's HelloVerifyRequest is never repeated
   * (§4.2.1): whoever asked has not shown yet that it is there.
   */
  private void awaitAnswer() {
    flightOver = true;
    if (timer == null && !flight.isEmpty() && !awaitsCookie()) {
      timer = loop.schedule(this::repeatFlight, timeoutMillis, TimeUnit.MILLISECONDS);
    }
  }

  private void repeatFlight() {
    timer = null;
    if (ended || established) {
      return;
    }
    repeated = true;
    timeoutMillis = Math.min(2 * timeoutMillis, LONGEST_TIMEOUT_MILLIS);
    if (!busy) {
      guarded(
          () -> {
            wrap();
            pump();
          });
    }
    if (!ended && !established && timer == null) {
      timer = loop.schedule(this::repeatFlight, timeoutMillis, TimeUnit.MILLISECONDS);
    }
  }

  private void cancelTimer() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }

  /**
   * A client that still shakes hands did not get the server's last words (§4.2.4, the FINISHED
   * state). The server has them, since no session is ever resumed.
   */
  private void repeatLastFlight() {
    if (!engine.getUseClientMode() && repeats < LAST_FLIGHT_REPEATS) {
      repeats++;
      flight.forEach(owner::transmit);
    }
  }

  private static Bytes taken(ByteBuffer buffer) {
    buffer.flip();
    return Bytes.copyOf(buffer);
  }
}

package dev.culvert.cli.connect.stream;

import dev.culvert.sansio.Bytes;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.Predicate;

/**
 * A connection's datagrams (RFC 9221) that are forwarded ones: each begins with 3 and the number of
 * its flow in four bytes, which whoever asked for the flow has chosen. Safe for several threads.
 */
public final class FlowDatagrams {
  private static final int KIND = 3;
  private static final int HEAD = 1 + Integer.BYTES;

  private final Predicate<Bytes> out;
  private final IntSupplier longest;
  private final Map<Integer, Consumer<byte[]>> flows = new ConcurrentHashMap<>();
  private final AtomicInteger last = new AtomicInteger();
  private final AtomicLong strays = new AtomicLong();

  /**
   * Those of one connection.
   *
   * @param out sends a datagram; false if it is dropped
   * @param longest the most bytes that it takes now
   */
  public FlowDatagrams(Predicate<Bytes> out, IntSupplier longest) {
    this.out = out;
    this.longest = longest;
  }

  /** A flow's share of them, until it is closed. */
  final class Flow implements AutoCloseable {
    private final int number;

    private Flow(int number) {
      this.number = number;
    }

    int number() {
      return number;
    }

    /** Whether a datagram of so many bytes is short enough. */
    boolean fits(int length) {
      return HEAD + length <= longest.getAsInt();
    }

    /** Sends one that fits; without room it is lost, as on any network. */
    void send(byte[] datagram) {
      byte[] text = new byte[HEAD + datagram.length];
      text[0] = KIND;
      for (int i = 0; i < Integer.BYTES; i++) {
        text[1 + i] = (byte) (number >> (Integer.SIZE - Byte.SIZE * (i + 1)));
      }
      System.arraycopy(datagram, 0, text, HEAD, datagram.length);
      boolean unused = out.test(Bytes.wrap(text));
    }

    @Override
    public void close() {
      flows.remove(number);
    }
  }

  /**
   * A flow that this side asks for.
   *
   * @param sink takes what comes, on the connection's event loop: it must not block
   */
  Flow open(Consumer<byte[]> sink) {
    int number = last.incrementAndGet();
    flows.put(number, sink);
    return new Flow(number);
  }

  /**
   * A flow that the other side asks for.
   *
   * @throws StreamFault if it has one with that number
   */
  Flow open(int number, Consumer<byte[]> sink) throws StreamFault {
    if (flows.putIfAbsent(number, sink) != null) {
      throw StreamFault.malformed("there is a flow " + number + " already");
    }
    return new Flow(number);
  }

  /** How many were of no flow. */
  long strays() {
    return strays.get();
  }

  /** Takes what came; what is of no flow is dropped, and what is something else left alone. */
  public void take(Bytes datagram) {
    if (datagram.length() == 0 || datagram.at(0) != KIND) {
      return;
    }
    Consumer<byte[]> sink = datagram.length() < HEAD ? null : flows.get(datagram.int32(1));
    if (sink == null) {
      strays.incrementAndGet();
    } else {
      sink.accept(datagram.slice(HEAD).toByteArray());
    }
  }
}

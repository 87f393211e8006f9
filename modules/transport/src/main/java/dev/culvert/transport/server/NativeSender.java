package dev.culvert.transport.server;

import dev.culvert.sansio.Bytes;
import io.netty.buffer.ByteBuf;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Sends through the system's own call from where the bytes lie: no packet object, no queue, no
 * pipeline.
 */
final class NativeSender implements DatagramSender {
  private static final int SOL_UDP = 17;
  private static final int UDP_SEGMENT = 103;
  private static final int IPPROTO_IP = 0;
  private static final int IP_MTU_DISCOVER = 10;
  private static final int IPPROTO_IPV6 = 41;
  private static final int IPV6_MTU_DISCOVER = 23;
  private static final int PMTUDISC_PROBE = 3;

  /** More, with the headers, than a packet can say. */
  private static final int MOST_BYTES = 65_000;

  /** The kernel refuses to cut datagrams on this socket. */
  private static final int NEVER = -1;

  private final Socket socket;
  private final boolean ipv6;
  private final ReceiveSlots slots;
  private final SendBatch batch;
  private @Nullable InetSocketAddress target;
  private int segment;
  private int first;
  private int last;
  private int count;
  private int length;
  private int lastLength;
  private boolean waits;

  NativeSender(Socket socket, boolean ipv6, ReceiveSlots slots, SendBatch batch) {
    this.socket = socket;
    this.ipv6 = ipv6;
    this.slots = slots;
    this.batch = batch;
    segment = batch.segments() ? 0 : NEVER;
  }

  @Override
  public void send(ByteBuf data, int index, int size, InetSocketAddress to) {
    if (batch.isFull()) {
      batch.flush();
    }
    if (data.hasMemoryAddress()) {
      add(data.memoryAddress() + index, size, to);
    } else {
      add(batch.stage(0, data, index, size), size, to);
    }
  }

  @Override
  public void sendChannelData(int channel, ByteBuf data, InetSocketAddress to) {
    int size = data.readableBytes();
    int header = channel << 16 | size;
    int index = slots.indexOf(data);
    if (batch.isFull()) {
      batch.flush();
    }
    if (index < 0) {
      add(batch.stage(header, data, data.readerIndex(), size), size + 4, to);
    } else {
      // The slot before has room behind the longest datagram.
      slots.memory().setInt(index - 4, header);
      add(data.memoryAddress() + data.readerIndex() - 4, size + 4, to);
    }
  }

  @SuppressWarnings("ReferenceEquality") // Another object is another call at worst.
  private void add(long address, int size, InetSocketAddress to) {
    boolean joins =
        count > 0
            && segment != NEVER
            && to == target
            && size <= length
            && size > 0
            && lastLength == length
            && count < SendBatch.MOST_SEGMENTS
            && (count + 1) * length <= MOST_BYTES;
    int place = batch.place(address);
    if (joins) {
      batch.next[last] = place;
    } else {
      sendWaiting();
      target = to;
      first = place;
      length = size;
    }
    last = place;
    lastLength = size;
    count++;
    if (!waits) {
      waits = true;
      batch.await(this);
    }
  }

  @Override
  public void flush() {
    waits = false;
    sendWaiting();
  }

  private void sendWaiting() {
    InetSocketAddress to = target;
    int datagrams = count;
    count = 0;
    target = null;
    if (to == null || datagrams == 0 || (datagrams > 1 && sendSegments(datagrams, to))) {
      return;
    }
    int at = first;
    for (int i = 0; i < datagrams; i++) {
      sendOne(batch.addresses[at], i == datagrams - 1 ? lastLength : length, to);
      at = batch.next[at];
    }
  }

  private void sendOne(long address, int size, InetSocketAddress to) {
    try {
      if (size > segment && segment > 0) {
        socket.setIntOpt(SOL_UDP, UDP_SEGMENT, 0);
        segment = 0;
      }
      if (socket.sendToAddress(address, 0, size, to.getAddress(), to.getPort()) == 0 && size > 0) {
        batch.counts.add(ServerCount.DROPPED_UNSENT);
      }
    } catch (IOException e) {
      batch.counts.add(ServerCount.DROPPED_UNSENT);
    }
  }

  private boolean sendSegments(int datagrams, InetSocketAddress to) {
    try {
      if (segment != length) {
        socket.setIntOpt(SOL_UDP, UDP_SEGMENT, length);
        segment = length;
      }
      long vectors = batch.gather(first, datagrams, length, lastLength);
      if (socket.sendToAddresses(vectors, datagrams, to.getAddress(), to.getPort()) == 0) {
        for (int i = 0; i < datagrams; i++) {
          batch.counts.add(ServerCount.DROPPED_UNSENT);
        }
      }
      return true;
    } catch (IOException e) {
      // A path with a small MTU, or a device without the checksums that it takes.
      segment = NEVER;
      clearSegment();
      return false;
    }
  }

  private void clearSegment() {
    try {
      socket.setIntOpt(SOL_UDP, UDP_SEGMENT, 0);
    } catch (IOException e) {
      // It was never set.
    }
  }

  @Override
  public void send(Bytes message, InetSocketAddress to, boolean dontFragment) {
    batch.flush();
    long address = batch.stage(message);
    int level = ipv6 ? IPPROTO_IPV6 : IPPROTO_IP;
    int option = ipv6 ? IPV6_MTU_DISCOVER : IP_MTU_DISCOVER;
    try {
      int before = dontFragment ? socket.getIntOpt(level, option) : 0;
      if (dontFragment) {
        socket.setIntOpt(level, option, PMTUDISC_PROBE);
      }
      sendOne(address, message.length(), to);
      if (dontFragment) {
        socket.setIntOpt(level, option, before);
      }
    } catch (IOException e) {
      batch.counts.add(ServerCount.DROPPED_UNSENT);
    }
    batch.flush();
  }
}

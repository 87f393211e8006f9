package dev.culvert.lab.wire;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * All frames of one interface, in and out. Each comes with the kernel's note on unfinished
 * checksums (PACKET_VNET_HDR) and goes out with the same note, so that nobody computes them here.
 */
final class PacketSocket {
  private static final int AF_PACKET = 17;
  private static final int SOCK_RAW_NONBLOCK = 3 | 0x800;
  private static final int ETH_P_ALL = 3;
  private static final int ADDRESS_LENGTH = 20;
  private static final int SOL_SOCKET = 1;
  private static final int SO_RCVBUF = 8;
  private static final int SO_RCVBUFFORCE = 33;
  private static final int SOL_PACKET = 263;
  private static final int PACKET_VNET_HDR = 15;
  private static final int PACKET_IGNORE_OUTGOING = 23;
  private static final int RECEIVE_BUFFER = 8 << 20;

  /** The bytes of the kernel's note before each frame. */
  static final int NOTE = 10;

  private static final int NOTE_AND_LARGEST_FRAME = NOTE + 18 + 65536;

  private int descriptor;
  private final MessageBatch batch = new MessageBatch(32, NOTE_AND_LARGEST_FRAME);

  /**
   * Opens one in the namespace that this thread is in.
   *
   * @param both whether frames that leave this machine are wanted as well
   */
  PacketSocket(String device, boolean both) throws IOException {
    int index = Libc.if_nametoindex(device);
    check(index == 0 ? -1 : 0, "interface " + device);
    descriptor = Libc.socket(AF_PACKET, SOCK_RAW_NONBLOCK, 0);
    check(descriptor, "packet socket");
    check(set(SOL_PACKET, PACKET_VNET_HDR, 1), "PACKET_VNET_HDR");
    check(set(SOL_PACKET, PACKET_IGNORE_OUTGOING, both ? 0 : 1), "PACKET_IGNORE_OUTGOING");
    if (set(SOL_SOCKET, SO_RCVBUFFORCE, RECEIVE_BUFFER) != 0) {
      check(set(SOL_SOCKET, SO_RCVBUF, RECEIVE_BUFFER), "SO_RCVBUF");
    }
    try (Memory address = new Memory(ADDRESS_LENGTH)) {
      address.clear();
      address.setShort(0, (short) AF_PACKET);
      boolean swapped = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
      address.setShort(2, swapped ? Short.reverseBytes((short) ETH_P_ALL) : (short) ETH_P_ALL);
      address.setInt(4, index);
      check(Libc.bind(descriptor, address, ADDRESS_LENGTH), "bind to " + device);
    }
  }

  int descriptor() {
    return descriptor;
  }

  /** What has arrived, at most one batch; empty if nothing has. */
  List<byte[]> receive() {
    batch.clear();
    int count = Libc.recvmmsg(descriptor, batch.headers(0), batch.capacity(), 0, Pointer.NULL);
    List<byte[]> frames = new ArrayList<>(Math.max(count, 0));
    for (int i = 0; i < count; i++) {
      frames.add(batch.take(i));
    }
    return frames;
  }

  /** Sends what the kernel takes; the rest is lost, as on any wire. */
  void send(List<byte[]> frames) {
    for (int from = 0; from < frames.size(); from += batch.capacity()) {
      int count = Math.min(batch.capacity(), frames.size() - from);
      for (int i = 0; i < count; i++) {
        batch.put(i, frames.get(from + i));
      }
      for (int sent = 0; sent < count; ) {
        int now = Libc.sendmmsg(descriptor, batch.headers(sent), count - sent, 0);
        sent += now > 0 ? now : 1;
      }
    }
  }

  void close() {
    Libc.close(descriptor);
    // Its number may belong to another before this is asked again.
    descriptor = -1;
  }

  private int set(int level, int option, int value) {
    try (Memory memory = new Memory(Integer.BYTES)) {
      memory.setInt(0, value);
      return Libc.setsockopt(descriptor, level, option, memory, Integer.BYTES);
    }
  }

  private static void check(int result, String what) throws IOException {
    if (result < 0) {
      throw new IOException(what + " failed with error " + Native.getLastError());
    }
  }
}

package dev.culvert.lab.wire;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Hosts behind a router that nobody sees, but for the mappings that their packets take. */
final class Neighbours {
  private static final int AF_INET = 2;
  private static final int SOCK_RAW_NONBLOCK = 3 | 0x800;
  private static final int IPPROTO_RAW = 255;
  private static final int IPV4 = 0x45;
  private static final int TTL = 64;
  private static final int UDP = 17;
  private static final int HEADERS = 28;
  private static final int ADDRESS_LENGTH = 16;
  private static final Pointer LENGTH = Pointer.createConstant(HEADERS);
  private static final int FIRST_PORT = 1024;
  private static final int LAST_PORT = 65535;
  private static final int DISCARD = 9;

  private final int socket;
  private final long interval;
  private final Memory packet = new Memory(HEADERS);
  private final Memory target = new Memory(ADDRESS_LENGTH);
  private int port = FIRST_PORT;
  private long due = System.nanoTime();

  /**
   * Begins in the namespace that this thread is in, where the router is.
   *
   * @param source an inside address, four bytes
   * @param destination whom they send to, four bytes
   * @param perSecond how often, each time from another port
   */
  Neighbours(byte[] source, byte[] destination, int perSecond) throws IOException {
    interval = TimeUnit.SECONDS.toNanos(1) / perSecond;
    socket = Libc.socket(AF_INET, SOCK_RAW_NONBLOCK, IPPROTO_RAW);
    if (socket < 0) {
      throw new IOException("raw socket failed with error " + Native.getLastError());
    }
    packet.clear();
    packet.setByte(0, (byte) IPV4);
    packet.setByte(8, (byte) TTL);
    packet.setByte(9, (byte) UDP);
    packet.write(12, source, 0, source.length);
    packet.write(16, destination, 0, destination.length);
    networkShort(22, DISCARD);
    networkShort(24, HEADERS - 20);
    target.clear();
    target.setShort(0, (short) AF_INET);
    target.write(4, destination, 0, destination.length);
  }

  /** Sends what is due and returns the nanoseconds until more is. */
  long send() {
    long now = System.nanoTime();
    while (due - now <= 0) {
      networkShort(20, port);
      // What the router does not take is lost, like other packets.
      Libc.sendto(socket, packet, LENGTH, 0, target, ADDRESS_LENGTH);
      port = port == LAST_PORT ? FIRST_PORT : port + 1;
      due += interval;
    }
    return due - now;
  }

  private void networkShort(long at, int value) {
    packet.setByte(at, (byte) (value >> 8));
    packet.setByte(at + 1, (byte) value);
  }
}

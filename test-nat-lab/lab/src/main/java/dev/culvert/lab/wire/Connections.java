package dev.culvert.lab.wire;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.IOException;

/** The kernel's table of connections, by which it translates and filters. */
final class Connections {
  private static final int AF_NETLINK = 16;
  private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
  private static final int NETLINK_NETFILTER = 12;
  private static final short DELETE_CONNECTION = 1 << 8 | 2;
  private static final short REQUEST_AND_ACKNOWLEDGE = 1 | 4;
  private static final int REQUEST = 16 + 4;
  private static final int ANSWER = 4096;
  private static final int ERROR_AT = 16;

  private Connections() {}

  /** Forgets every connection of the namespace that this thread is in: a deletion of no one. */
  static void forget() throws IOException {
    int socket = Libc.socket(AF_NETLINK, SOCK_RAW_CLOEXEC, NETLINK_NETFILTER);
    check(socket, "netlink socket");
    try (Memory message = new Memory(ANSWER)) {
      message.clear();
      message.setInt(0, REQUEST);
      message.setShort(4, DELETE_CONNECTION);
      message.setShort(6, REQUEST_AND_ACKNOWLEDGE);
      check(transferred(Libc.write(socket, message, Pointer.createConstant(REQUEST))), "netlink");
      check(transferred(Libc.read(socket, message, Pointer.createConstant(ANSWER))), "netlink");
      int error = message.getInt(ERROR_AT);
      if (error != 0) {
        throw new IOException(
            "the kernel does not forget its connections (error "
                + -error
                + "); as root: modprobe nf_conntrack_netlink");
      }
    } finally {
      Libc.close(socket);
    }
  }

  private static int transferred(Pointer count) {
    return (int) Pointer.nativeValue(count);
  }

  private static void check(int result, String what) throws IOException {
    if (result < 0) {
      throw new IOException(what + " failed with error " + Native.getLastError());
    }
  }
}

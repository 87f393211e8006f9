package dev.culvert.lab.wire;

import com.sun.jna.Native;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;

/** The few functions of the C library that packet sockets need. */
final class Libc {
  static {
    Native.register(Libc.class, Platform.C_LIBRARY_NAME);
  }

  private Libc() {}

  static native int if_nametoindex(String name);

  static native int socket(int domain, int type, int protocol);

  static native int bind(int socket, Pointer address, int length);

  static native int setsockopt(int socket, int level, int option, Pointer value, int length);

  static native int recvmmsg(int socket, Pointer messages, int count, int flags, Pointer timeout);

  static native int sendmmsg(int socket, Pointer messages, int count, int flags);

  /** {@code count} is an unsigned long, hence as wide as a pointer. */
  static native int ppoll(Pointer descriptors, Pointer count, Pointer timeout, Pointer signals);
}

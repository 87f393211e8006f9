package dev.culvert.lab.wire;

import com.sun.jna.Native;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;

/** The few functions of the C library that a lab's wire needs. */
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

  static native int open(String path, int flags);

  static native int close(int descriptor);

  /** Lengths of {@code size_t} and {@code ssize_t} are as wide as a pointer. */
  static native Pointer read(int descriptor, Pointer buffer, Pointer length);

  static native Pointer write(int descriptor, Pointer buffer, Pointer length);

  /** {@code length} is of {@code size_t}, as wide as a pointer. */
  static native Pointer sendto(
      int socket, Pointer data, Pointer length, int flags, Pointer address, int addressLength);

  static native int setns(int descriptor, int kind);
}

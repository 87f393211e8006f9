package dev.culvert.lab.wire;

import com.sun.jna.Native;
import java.io.IOException;

/** Lets a socket be made in another network namespace of the lab, where it then stays. */
final class NetworkSpace {
  private static final int CLONE_NEWNET = 0x40000000;
  private static final int O_RDONLY_CLOEXEC = 0x80000;

  /** What is done in a namespace. */
  interface Task {
    void run() throws IOException;
  }

  private NetworkSpace() {}

  /** Does {@code task} in the namespace called {@code name}, on this thread. */
  static void in(String name, Task task) throws IOException {
    int own = open("/proc/thread-self/ns/net");
    try {
      int there = open("/run/netns/" + name);
      try {
        enter(there, name);
      } finally {
        Libc.close(there);
      }
      try {
        task.run();
      } finally {
        enter(own, "its own");
      }
    } finally {
      Libc.close(own);
    }
  }

  private static int open(String path) throws IOException {
    int descriptor = Libc.open(path, O_RDONLY_CLOEXEC);
    if (descriptor < 0) {
      throw new IOException(path + " does not open: error " + Native.getLastError());
    }
    return descriptor;
  }

  private static void enter(int descriptor, String name) throws IOException {
    if (Libc.setns(descriptor, CLONE_NEWNET) != 0) {
      throw new IOException("namespace " + name + " is closed: error " + Native.getLastError());
    }
  }
}

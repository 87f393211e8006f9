package dev.culvert.lab.host;

import dev.culvert.lab.LabException;
import dev.culvert.lab.LabProcess;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/**
 * A host or server of a lab, to run code on. In the simulator used by the thread of the lab or by
 * programs of {@link #start}; in the kernel's world safe for use by several threads.
 */
public interface TestHost {

  /** Its name in the lab. */
  String name();

  /** Its present addresses, the one that its name stands for first. */
  List<InetAddress> addresses();

  /**
   * Its first IPv4 address.
   *
   * @throws IllegalStateException if it has none
   */
  default InetAddress ipv4() {
    return first(Inet4Address.class, "IPv4");
  }

  /**
   * Its first IPv6 address.
   *
   * @throws IllegalStateException if it has none
   */
  default InetAddress ipv6() {
    return first(Inet6Address.class, "IPv6");
  }

  /**
   * Opens a UDP socket of all its addresses.
   *
   * @param port 1 to 65535, or 0 for any that is free
   * @throws LabException if the port is taken, in one line
   */
  LabSocket udp(int port) throws LabException;

  /** Opens a UDP socket of all its addresses on any free port. */
  default LabSocket udp() throws LabException {
    return udp(0);
  }

  /**
   * Opens a UDP socket of one of its addresses.
   *
   * @param local the address, which its replies also come from
   * @param port 1 to 65535, or 0 for any that is free
   * @throws LabException if the host has no such address or the port is taken, in one line
   */
  LabSocket udp(InetAddress local, int port) throws LabException;

  /**
   * Runs {@code program} beside the test. In the simulator it goes on while the test waits for
   * something, alone among all programs, so it must wait by nothing but {@link LabSocket#receive},
   * {@link #pause} and {@link Started#await}; it ends with the lab.
   */
  <T> Started<T> start(HostProgram<T> program) throws LabException;

  /** Waits; in the simulator virtual time passes. */
  void pause(Duration time) throws LabException;

  /**
   * Starts a command of the operating system.
   *
   * @throws UnsupportedOperationException in the simulator, in one line
   */
  LabProcess command(String... words) throws LabException;

  /**
   * Starts a main class of the class path that this JVM has, as a JVM with a heap of at most 256
   * MiB.
   *
   * @throws UnsupportedOperationException in the simulator, in one line
   */
  LabProcess java(Class<?> main, String... arguments) throws LabException;

  private InetAddress first(Class<? extends InetAddress> family, String called) {
    return addresses().stream()
        .filter(family::isInstance)
        .findFirst()
        .orElseThrow(
            () -> new IllegalStateException("host " + name() + " has no " + called + " address"));
  }
}

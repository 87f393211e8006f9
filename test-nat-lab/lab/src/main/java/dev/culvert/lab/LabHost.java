package dev.culvert.lab;

import dev.culvert.lab.kernel.Holder;
import dev.culvert.lab.kernel.JavaCommand;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A host or router of a lab, to run programs on. Safe for use by several threads. */
public final class LabHost {
  private final String name;
  private final List<InetAddress> addresses;
  private final Holder holder;

  LabHost(String name, List<InetAddress> addresses, Holder holder) {
    this.name = name;
    this.addresses = List.copyOf(addresses);
    this.holder = holder;
  }

  /** Its name in the lab. */
  public String name() {
    return name;
  }

  /** All its addresses. */
  public List<InetAddress> addresses() {
    return addresses;
  }

  /** Its IPv4 addresses, the one that its name stands for first. */
  public List<InetAddress> ipv4() {
    return addresses.stream().filter(Inet4Address.class::isInstance).toList();
  }

  /** Its IPv6 addresses, the one that its name stands for first; empty if it has none. */
  public List<InetAddress> ipv6() {
    return addresses.stream().filter(Inet6Address.class::isInstance).toList();
  }

  /** Its first IPv4 address, if it has any. */
  public Optional<InetAddress> firstIpv4() {
    return ipv4().stream().findFirst();
  }

  /**
   * A builder for a process on this host, in this program's directory and with its environment;
   * ends with the exit code of {@code command}, 127 if there is no such program.
   */
  public ProcessBuilder command(List<String> command) {
    return new ProcessBuilder(holder.enter(name, System.getProperty("user.dir", "/"), command));
  }

  /** Starts {@code command} on this host; what it writes is kept. */
  public LabProcess start(List<String> command) throws LabException {
    if (!holder.alive()) {
      throw new LabException("the lab of host " + name + " has ended");
    }
    try {
      return new LabProcess(command, command(command).redirectErrorStream(true).start());
    } catch (IOException e) {
      throw new LabException(
          "nsenter, which runs programs in the lab, did not start; install: apt-get install"
              + " util-linux",
          e);
    }
  }

  /** Starts {@code command} on this host; what it writes is kept. */
  public LabProcess start(String... command) throws LabException {
    return start(List.of(command));
  }

  /**
   * Starts a main class of the class path that this JVM has, on this host, as a JVM with a heap of
   * at most 256 MiB; what it writes is kept.
   */
  public LabProcess java(Class<?> main, String... arguments) throws LabException {
    return start(JavaCommand.of(main, List.of(arguments)));
  }

  /**
   * Runs {@code command} on this host to its end.
   *
   * @param limit how long it may take; then it is killed
   * @throws LabException if it did not end in time
   */
  public LabProcess run(Duration limit, String... command) throws LabException {
    LabProcess process = start(List.of(command));
    process.awaitExit(limit);
    return process;
  }
}

package dev.culvert.lab.world;

import dev.culvert.lab.Lab;
import dev.culvert.lab.LabException;
import dev.culvert.lab.kernel.KernelLimits;
import dev.culvert.lab.spec.LabSpec;
import dev.culvert.lab.spec.LinkSpec;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A lab in network namespaces, with the kernel's NATs and in real time; as root, or as an ordinary
 * user in a user namespace. Used by one thread at a time; programs on its hosts run by themselves.
 */
public final class KernelWorld implements LabWorld {
  private static final long GLANCE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final LabSpec spec;
  private final Lab lab;
  private final long started = System.nanoTime();

  private KernelWorld(LabSpec spec, Lab lab) {
    this.spec = spec;
    this.lab = lab;
  }

  /**
   * Starts one that ends with {@link #close} or with this JVM, however it ends.
   *
   * @throws LabException if it cannot start, in one line with the mend
   */
  public static KernelWorld up(LabSpec spec) throws LabException {
    return new KernelWorld(spec, Lab.changeable(spec));
  }

  /** What of {@code spec} the kernel cannot do, one line each; empty if it can do all of it. */
  public static List<String> limits(LabSpec spec) {
    return KernelLimits.of(spec);
  }

  /** The lab itself, to run programs in. */
  public Lab lab() {
    return lab;
  }

  @Override
  public WorldKind kind() {
    return WorldKind.KERNEL;
  }

  @Override
  public LabSpec spec() {
    return spec;
  }

  @Override
  public Map<String, List<InetAddress>> addresses() {
    return lab.addresses();
  }

  @Override
  public Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - started);
  }

  @Override
  public void pass(Duration time) throws LabException {
    await(() -> false, time);
  }

  @Override
  public boolean await(BooleanSupplier done, Duration limit) throws LabException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!done.getAsBoolean()) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      if (!lab.alive()) {
        throw new LabException("the lab ended by itself");
      }
      LockSupport.parkNanos(Math.min(left, GLANCE_NANOS));
      if (Thread.interrupted()) {
        Thread.currentThread().interrupt();
        throw new LabException("interrupted while time passed in the lab");
      }
    }
    return true;
  }

  @Override
  public void reboot(String router) throws LabException {
    lab.changes().reboot(router);
  }

  @Override
  public void readdress(String router, Optional<InetAddress> outside) throws LabException {
    lab.changes().readdress(router, outside);
  }

  @Override
  public void move(String host, String uplink) throws LabException {
    lab.changes().move(host, uplink);
  }

  @Override
  public void cut(String name) throws LabException {
    lab.changes().cut(name);
  }

  @Override
  public void mend(String name) throws LabException {
    lab.changes().mend(name);
  }

  @Override
  public void relink(String name, LinkSpec link) throws LabException {
    lab.changes().relink(name, link);
  }

  @Override
  public void capture(String name, Path pcap) throws LabException {
    lab.changes().capture(name, pcap);
  }

  @Override
  public void close() throws LabException {
    lab.close();
  }
}

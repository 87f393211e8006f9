package dev.culvert.lab.host;

import dev.culvert.lab.world.KernelWorld;
import dev.culvert.lab.world.LabWorld;
import dev.culvert.lab.world.SimWorld;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The hosts of a lab, to run code on. In the simulator it belongs to the thread of the lab, in the
 * kernel's world it is safe for use by several threads. Close it before the lab.
 */
public final class WorldHosts implements AutoCloseable {
  private final LabWorld world;
  private final Map<String, TestHost> hosts = new LinkedHashMap<>();
  private final List<Started<?>> programs = new CopyOnWriteArrayList<>();
  private final List<Runnable> endings = new CopyOnWriteArrayList<>();
  private final Maker maker;

  @FunctionalInterface
  private interface Maker {
    TestHost make(String name);
  }

  private WorldHosts(LabWorld world) {
    this.world = world;
    if (world instanceof SimWorld sim) {
      SimTime time = new SimTime(sim, sim.world());
      endings.add(time::stop);
      maker = name -> simulated(sim, time, name);
    } else if (world instanceof KernelWorld kernel) {
      maker = name -> real(kernel, name);
    } else {
      throw new IllegalArgumentException(world + " is neither simulated nor the kernel's");
    }
  }

  /** The hosts of {@code world}. */
  public static WorldHosts of(LabWorld world) {
    return new WorldHosts(world);
  }

  /**
   * The host or server of that name.
   *
   * @throws IllegalArgumentException if there is none, in one line
   */
  public synchronized TestHost host(String name) {
    if (world.spec().hosts().stream().noneMatch(host -> host.name().equals(name))) {
      throw new IllegalArgumentException(
          "there is no host '"
              + name
              + "' in this lab; there are "
              + String.join(", ", world.spec().hosts().stream().map(one -> one.name()).toList()));
    }
    return hosts.computeIfAbsent(name, maker::make);
  }

  /** Every program that was started on them, in that order. */
  public List<Started<?>> programs() {
    return List.copyOf(programs);
  }

  /** Ends every program and closes every socket. */
  @Override
  public void close() {
    List.copyOf(endings).forEach(Runnable::run);
  }

  private TestHost simulated(SimWorld sim, SimTime time, String name) {
    SimTestHost host = new SimTestHost(sim, name, sim.host(name), time, programs);
    endings.add(0, host::close);
    return host;
  }

  private TestHost real(KernelWorld kernel, String name) {
    KernelTestHost host = new KernelTestHost(kernel, name, programs);
    endings.add(host::close);
    return host;
  }
}

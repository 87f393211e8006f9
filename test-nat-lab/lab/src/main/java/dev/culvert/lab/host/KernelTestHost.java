package dev.culvert.lab.host;

import dev.culvert.lab.LabException;
import dev.culvert.lab.LabHost;
import dev.culvert.lab.LabProcess;
import dev.culvert.lab.world.KernelWorld;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A host with a network namespace of its own. */
final class KernelTestHost implements TestHost {
  private static final long GRACE_MILLIS = 2000;

  private final KernelWorld world;
  private final LabHost host;
  private final List<Started<?>> programs;
  private final List<Thread> threads = new CopyOnWriteArrayList<>();
  private Optional<AgentLink> agent = Optional.empty();
  private boolean closed;

  KernelTestHost(KernelWorld world, String name, List<Started<?>> programs) {
    this.world = world;
    this.host = world.lab().host(name);
    this.programs = programs;
  }

  @Override
  public String name() {
    return host.name();
  }

  @Override
  public List<InetAddress> addresses() {
    return world.addresses().getOrDefault(host.name(), List.of());
  }

  @Override
  public LabSocket udp(int port) throws LabException {
    return agent().open(Optional.empty(), port, addresses());
  }

  @Override
  public LabSocket udp(InetAddress local, int port) throws LabException {
    return agent().open(Optional.of(local), port, List.of(local));
  }

  @Override
  public <T> Started<T> start(HostProgram<T> program) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Started<T> started = new Started<>(name(), result, KernelTestHost::await);
    Thread thread = new Thread(() -> Programs.run(program, this, result), "culvert-lab-" + name());
    thread.setDaemon(true);
    programs.add(started);
    threads.add(thread);
    thread.start();
    return started;
  }

  @Override
  public void pause(Duration time) throws LabException {
    try {
      TimeUnit.NANOSECONDS.sleep(time.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted on host " + name(), e);
    }
  }

  @Override
  public LabProcess command(String... words) throws LabException {
    return host.start(words);
  }

  @Override
  public LabProcess java(Class<?> main, String... arguments) throws LabException {
    return host.java(main, arguments);
  }

  void close() {
    Optional<AgentLink> last;
    synchronized (this) {
      closed = true;
      last = agent;
    }
    last.ifPresent(AgentLink::close);
    for (Thread thread : threads) {
      thread.interrupt();
      try {
        thread.join(GRACE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private synchronized AgentLink agent() throws LabException {
    if (closed) {
      throw new LabException("the lab of host " + name() + " has ended");
    }
    if (agent.isEmpty()) {
      agent = Optional.of(AgentLink.start(host));
    }
    return agent.get();
  }

  private static boolean await(CompletableFuture<?> what, Duration limit) throws LabException {
    try {
      what.get(limit.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (ExecutionException e) {
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted while a program ran", e);
    }
  }
}

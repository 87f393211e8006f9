package dev.culvert.lab.host;

import dev.culvert.lab.LabException;
import dev.culvert.lab.LabProcess;
import dev.culvert.lab.world.LabWorld;
import dev.culvert.natsim.Host;
import dev.culvert.sansio.TransportAddress;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A host in the simulator. */
final class SimTestHost implements TestHost {
  private static final InetAddress ANY = any();

  private final LabWorld lab;
  private final String name;
  private final Host host;
  private final SimTime time;
  private final List<LabSocket> sockets = new ArrayList<>();
  private final List<Started<?>> programs;

  SimTestHost(LabWorld lab, String name, Host host, SimTime time, List<Started<?>> programs) {
    this.lab = lab;
    this.name = name;
    this.host = host;
    this.time = time;
    this.programs = programs;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<InetAddress> addresses() {
    return lab.addresses().getOrDefault(name, List.of());
  }

  @Override
  public LabSocket udp(int port) throws LabException {
    return udp(ANY, port);
  }

  @Override
  public LabSocket udp(InetAddress local, int port) throws LabException {
    InetAddress first =
        addresses().stream()
            .filter(Inet4Address.class::isInstance)
            .findFirst()
            .orElseGet(() -> addresses().get(0));
    LabSocket socket = SimSocket.open(time, host, name, new TransportAddress(local, port), first);
    sockets.add(socket);
    return socket;
  }

  @Override
  public <T> Started<T> start(HostProgram<T> program) throws LabException {
    CompletableFuture<T> result = new CompletableFuture<>();
    Started<T> started =
        new Started<>(name, result, (what, limit) -> time.await(what::isDone, limit));
    programs.add(started);
    time.start(
        "culvert-lab-" + name,
        () -> {
          Programs.run(program, this, result);
          time.stir();
        });
    return started;
  }

  @Override
  public void pause(Duration length) throws LabException {
    time.await(() -> false, length);
  }

  @Override
  public LabProcess command(String... words) {
    throw unsupported("commands of the operating system");
  }

  @Override
  public LabProcess java(Class<?> main, String... arguments) {
    throw unsupported("JVMs");
  }

  void close() {
    sockets.forEach(LabSocket::close);
  }

  private UnsupportedOperationException unsupported(String what) {
    return new UnsupportedOperationException(
        what + " are unsupported in sim: host " + name + " is simulated; use the kernel's world");
  }

  private static InetAddress any() {
    try {
      return InetAddress.getByAddress(new byte[4]);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }
}

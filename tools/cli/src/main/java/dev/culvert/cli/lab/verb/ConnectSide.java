package dev.culvert.cli.lab.verb;

import dev.culvert.cli.lab.connect.ConnectEvent;
import dev.culvert.cli.lab.connect.ConnectMachine;
import dev.culvert.ice.IcePolicy;
import dev.culvert.identity.PeerId;
import dev.culvert.identity.PeerKey;
import dev.culvert.lab.LabException;
import dev.culvert.lab.world.KernelWorld;
import dev.culvert.lab.world.LabWorld;
import dev.culvert.lab.world.SimWorld;
import dev.culvert.natsim.Resident;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.session.LocalAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** One of two peers that connect, in either world; knows what it said last. */
abstract class ConnectSide {
  private static final Duration MIDDAY = Duration.ofHours(12);

  private final String host;
  private InetAddress ip;
  private int attached;
  private Map<String, String> fields = Map.of();

  /**
   * What a side is.
   *
   * @param nodes that it knows
   * @param policy which paths it takes
   */
  record Task(String host, List<KnownNode> nodes, IcePolicy policy) {}

  private ConnectSide(LabWorld world, String host) {
    this.host = host;
    this.ip = Places.first(world, host, true);
  }

  static ConnectSide start(LabWorld world, Task task) throws LabException {
    if (world instanceof SimWorld sim) {
      return new InSimulator(sim, task);
    }
    if (world instanceof KernelWorld kernel) {
      return new InKernel(kernel, task);
    }
    throw new IllegalArgumentException("connect knows no world like this one");
  }

  final PeerId id() {
    return PeerKey.ofSeed(LabPeers.peerSeed(host)).id();
  }

  /** Connects to another, once. */
  abstract void call(PeerId other);

  abstract void use(InetAddress now);

  abstract void stop();

  /** Why it ended of itself. */
  Optional<String> failure() {
    return Optional.empty();
  }

  /** Tells it if its host is somewhere else than before. */
  final void follow(LabWorld world) {
    InetAddress present =
        world.addresses().getOrDefault(host, List.of()).stream().findFirst().orElse(ip);
    if (!present.equals(ip)) {
      ip = present;
      use(present);
    }
  }

  final InetAddress ip() {
    return ip;
  }

  /** How many nodes it is connected to. */
  final synchronized int attached() {
    return attached;
  }

  final synchronized Map<String, String> fields() {
    Map<String, String> all = new HashMap<>(fields);
    all.put("attached", String.valueOf(attached));
    return all;
  }

  final synchronized void attached(int nodes) {
    attached = nodes;
  }

  final synchronized void stands(Map<String, String> now) {
    fields = Map.copyOf(now);
  }

  /** A side whose engine runs on a simulated host. */
  private static final class InSimulator extends ConnectSide {
    private final ConnectMachine machine;
    private final Resident<ConnectEvent> resident;

    InSimulator(SimWorld world, Task task) {
      super(world, task.host());
      machine =
          new ConnectMachine(
              new LocalAddress("eth0", ip()),
              PeerKey.ofSeed(LabPeers.peerSeed(task.host())),
              task.nodes(),
              task.policy(),
              world.world().newRandom(),
              () -> Instant.EPOCH.plus(MIDDAY).plus(world.elapsed()));
      resident = world.host(task.host()).run(machine, this::heard);
    }

    private void heard(ConnectEvent event) {
      if (event instanceof ConnectEvent.Stands now) {
        attached(now.attached());
        stands(now.fields());
      }
    }

    @Override
    void call(PeerId other) {
      resident.execute(now -> machine.call(other, now));
    }

    @Override
    void use(InetAddress present) {
      resident.execute(now -> machine.use(new LocalAddress("eth0", present), now));
    }

    @Override
    void stop() {
      resident.execute(machine::close);
      resident.stop();
    }
  }

  /** A side in a process on a host of the kernel's lab. */
  private static final class InKernel extends ConnectSide {
    private final HostProcess process;

    InKernel(KernelWorld world, Task task) throws LabException {
      super(world, task.host());
      List<String> line = new ArrayList<>(List.of("lab", "peer"));
      line.addAll(List.of("--address", IpLiterals.format(ip(), false)));
      line.addAll(List.of("--seed", LabPeers.peerSeed(task.host()).hex()));
      task.nodes().forEach(node -> line.addAll(List.of("--node", node.toString())));
      line.addAll(
          List.of("--policy", task.policy().name().toLowerCase(Locale.ROOT).replace('_', '-')));
      process = HostProcess.start(world, task.host(), this::heard, line.toArray(String[]::new));
    }

    private void heard(String line) {
      try {
        Map<String, String> now = JsonFields.read(line);
        if (now.containsKey("attached")) {
          attached(Integer.parseInt(now.getOrDefault("attached", "0")));
        } else if (now.remove("peer") != null) {
          stands(now);
        }
      } catch (IOException e) {
        // Not a line of its own; what a process says otherwise is shown with its end.
      }
    }

    @Override
    void call(PeerId other) {
      process.write("call " + other);
    }

    @Override
    void use(InetAddress present) {
      process.write("use " + IpLiterals.format(present, false));
    }

    @Override
    void stop() {
      process.stop();
    }

    @Override
    Optional<String> failure() {
      return process.failure();
    }
  }
}

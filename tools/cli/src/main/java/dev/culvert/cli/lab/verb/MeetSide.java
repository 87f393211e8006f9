package dev.culvert.cli.lab.verb;

import dev.culvert.cli.lab.meet.MeetMachine;
import dev.culvert.cli.lab.meet.MeetSideEvent;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One of two peers that meet, in either world; knows what it said last. */
abstract class MeetSide {
  private static final Duration MIDDAY = Duration.ofHours(12);

  private Map<String, String> fields = Map.of();

  /**
   * What one side does.
   *
   * @param callee the host whom it calls; empty: it waits
   * @param again how long a call lasts before the next one
   */
  record Task(
      String host,
      InetAddress ip,
      List<KnownNode> nodes,
      Optional<String> callee,
      Optional<Duration> again) {}

  static MeetSide start(LabWorld world, Task task) throws LabException {
    if (world instanceof SimWorld sim) {
      return new InSimulator(sim, task);
    }
    if (world instanceof KernelWorld kernel) {
      return new InKernel(kernel, task);
    }
    throw new IllegalArgumentException("meet knows no world like this one");
  }

  abstract void stop();

  /** Why it ended of itself. */
  Optional<String> failure() {
    return Optional.empty();
  }

  final synchronized Map<String, String> fields() {
    return fields;
  }

  final synchronized void stands(Map<String, String> now) {
    fields = Map.copyOf(now);
  }

  /** A side whose engine runs on a simulated host. */
  private static final class InSimulator extends MeetSide {
    private final MeetMachine machine;
    private final Resident<MeetSideEvent> resident;

    InSimulator(SimWorld world, Task task) {
      machine =
          new MeetMachine(
              new LocalAddress("eth0", task.ip()),
              PeerKey.ofSeed(LabPeers.peerSeed(task.host())),
              task.nodes(),
              task.callee().map(host -> PeerKey.ofSeed(LabPeers.peerSeed(host)).id()),
              task.again(),
              world.world().newRandom(),
              () -> Instant.EPOCH.plus(MIDDAY).plus(world.elapsed()));
      resident = world.host(task.host()).run(machine, this::heard);
    }

    private void heard(MeetSideEvent event) {
      if (event instanceof MeetSideEvent.Standing standing) {
        stands(standing.fields());
      }
    }

    @Override
    void stop() {
      resident.execute(machine::close);
      resident.stop();
    }
  }

  /** A side in a process on a host of the kernel's lab. */
  private static final class InKernel extends MeetSide {
    private final HostProcess process;

    InKernel(KernelWorld world, Task task) throws LabException {
      List<String> line = new ArrayList<>(List.of("lab", "meet"));
      line.addAll(List.of("--address", IpLiterals.format(task.ip(), false)));
      line.addAll(List.of("--seed", LabPeers.peerSeed(task.host()).hex()));
      task.nodes().forEach(node -> line.addAll(List.of("--node", node.toString())));
      task.callee()
          .map(host -> PeerKey.ofSeed(LabPeers.peerSeed(host)).id().toString())
          .ifPresent(id -> line.addAll(List.of("--call", id)));
      task.again().ifPresent(time -> line.addAll(List.of("--again", VerbArguments.text(time))));
      process = HostProcess.start(world, task.host(), this::heard, line.toArray(String[]::new));
    }

    private void heard(String line) {
      try {
        stands(JsonFields.read(line));
      } catch (IOException e) {
        // Not a line of its own; what a process says otherwise is shown with its end.
      }
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

package dev.culvert.cli.lab.verb;

import dev.culvert.cli.lab.reach.ReachDescription;
import dev.culvert.cli.lab.reach.ReachEvent;
import dev.culvert.cli.lab.reach.ReachMachine;
import dev.culvert.lab.world.SimWorld;
import dev.culvert.natsim.Resident;
import dev.culvert.sansio.TransportAddress;
import java.time.Duration;

/** A side whose engine runs on a simulated host. */
final class SimSide extends ReachSide {
  private final ReachMachine machine;
  private final Resident<ReachEvent> resident;

  SimSide(
      SimWorld world,
      String host,
      TransportAddress local,
      TransportAddress server,
      Duration limit,
      Runnable onChange) {
    super(onChange);
    machine = new ReachMachine(local, server, limit, world.world().newRandom());
    resident = world.host(host).run(machine, this::heard);
  }

  @Override
  void meet(ReachDescription other) {
    resident.execute(now -> machine.meet(other, now));
  }

  @Override
  void stop() {
    resident.stop();
  }
}

package dev.culvert.cli.lab.verb;

import dev.culvert.cli.lab.relay.RelayDescription;
import dev.culvert.cli.lab.relay.RelayEvent;
import dev.culvert.cli.lab.relay.RelayMachine;
import dev.culvert.cli.lab.relay.RelayPlan;
import dev.culvert.lab.world.SimWorld;
import dev.culvert.natsim.Resident;

/** A side whose engine runs on a simulated host. */
final class SimRelaySide extends RelaySide {
  private final RelayMachine machine;
  private final Resident<RelayEvent> resident;

  SimRelaySide(SimWorld world, String host, RelayAsk ask, boolean permits, Runnable onChange) {
    super(onChange);
    machine =
        new RelayMachine(
            new RelayPlan(ask.access().configs(), ask.count(), permits, ask.limit()),
            world.world().newRandom());
    resident = world.host(host).run(machine, this::heard);
  }

  @Override
  void meet(RelayDescription other) {
    resident.execute(now -> machine.meet(other, now));
  }

  @Override
  void stop() {
    resident.execute(machine::close);
    resident.stop();
  }
}

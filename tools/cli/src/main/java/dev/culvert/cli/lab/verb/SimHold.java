package dev.culvert.cli.lab.verb;

import dev.culvert.cli.lab.hold.HoldEvent;
import dev.culvert.cli.lab.hold.HoldMachine;
import dev.culvert.lab.world.SimWorld;
import dev.culvert.natsim.Resident;

/** A client whose engine runs on a simulated host. */
final class SimHold extends Hold {
  private final HoldMachine machine;
  private final Resident<HoldEvent> resident;
  private boolean stopped;

  SimHold(SimWorld world, String host, RelayAccess access, boolean reallocates) {
    machine =
        new HoldMachine(
            HoldMachine.config(access.configs().get(0), reallocates), world.world().newRandom());
    resident = world.host(host).run(machine, this::heard);
  }

  private void heard(HoldEvent event) {
    if (event instanceof HoldEvent.Standing standing) {
      stands(standing.fields());
    }
  }

  @Override
  public boolean isDone() {
    return stopped;
  }

  @Override
  public void stop() {
    stopped = true;
    resident.execute(machine::close);
    resident.stop();
  }
}

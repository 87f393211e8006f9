package dev.culvert.lab.host;

import dev.culvert.lab.LabException;
import dev.culvert.lab.world.LabWorld;
import dev.culvert.natsim.World;
import dev.culvert.sansio.MonotonicTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Virtual time, as the thread of the lab and the programs on its hosts wait for it. */
final class SimTime {
  private static final Duration LONGEST = Duration.ofDays(1000);

  private final LabWorld lab;
  private final World world;
  private final List<SimProgram> programs = new ArrayList<>();
  private boolean poking;

  SimTime(LabWorld lab, World world) {
    this.lab = lab;
    this.world = world;
  }

  /** Lets time pass until {@code done}, at most {@code limit}; tells whether it is. */
  boolean await(BooleanSupplier done, Duration limit) throws LabException {
    Duration bounded = limit.compareTo(LONGEST) < 0 ? limit : LONGEST;
    if (!SimProgram.here()) {
      return lab.await(done, bounded);
    }
    SimProgram me = SimProgram.current();
    MonotonicTime deadline = world.now().plus(bounded);
    if (!done.getAsBoolean()) {
      if (bounded.compareTo(LONGEST) < 0) {
        world.schedule(bounded, me::poke);
      }
      me.await(() -> done.getAsBoolean() || !world.now().isBefore(deadline));
    }
    return done.getAsBoolean();
  }

  /** Has {@code body} run from now on. */
  void start(String name, Runnable body) {
    SimProgram program = new SimProgram(name, body);
    programs.add(program);
    stir();
  }

  /** Something happened that programs may wait for. */
  void stir() {
    if (!poking) {
      poking = true;
      world.schedule(Duration.ZERO, this::poke);
    }
  }

  void stop() {
    List.copyOf(programs).forEach(SimProgram::stop);
    programs.clear();
  }

  private void poke() {
    poking = false;
    programs.removeIf(SimProgram::ended);
    List.copyOf(programs).forEach(SimProgram::poke);
  }
}

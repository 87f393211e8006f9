package dev.culvert.lab.kernel;

import dev.culvert.lab.LabException;
import dev.culvert.lab.spec.Impairment;
import dev.culvert.lab.spec.LabSpec;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What carries frames along each cable of a lab that changes: in the middle of each, in the wire,
 * two halves meet. A patch joins them, with netem if the kernel has it; or the forwarder carries
 * frames between them; or nothing does and the cable is cut, which neither end can see.
 */
final class Lines {
  /** Where the wire comes from once it is needed. */
  interface Wires {
    WireProcess wire() throws LabException;
  }

  private static final String IN_WIRE = " -n " + LabSpec.WIRE;

  private final Impairment impairment;
  private final long seed;
  private final Shell shell;
  private final Wires wires;
  private final Set<String> cut = new HashSet<>();
  private final Set<String> forwarded = new HashSet<>();
  private final Set<String> shaped = new HashSet<>();
  private Optional<Boolean> netem = Optional.empty();

  Lines(Impairment impairment, long seed, Shell shell, Wires wires) {
    this.impairment = impairment;
    this.seed = seed;
    this.shell = shell;
    this.wires = wires;
  }

  void cut(Cable cable) throws LabException {
    if (cut.add(cable.node())) {
      apply(cable);
    }
  }

  void mend(Cable cable) throws LabException {
    if (cut.remove(cable.node())) {
      apply(cable);
    }
  }

  /** Has a cable do to packets what its link says, or nothing at all while it is cut. */
  void apply(Cable cable) throws LabException {
    boolean impairs = cable.link().impaired() && !cut.contains(cable.node());
    boolean shapes = impairs && netem();
    boolean forwards = impairs && !shapes;
    if (!forwards) {
      unplug(cable);
    }
    StringBuilder script = new StringBuilder(Cabling.sizes(cable));
    for (String end : new String[] {cable.near(), cable.far()}) {
      if (shaped.contains(cable.node())) {
        script.append("tc").append(IN_WIRE).append(" qdisc del dev ").append(end).append(" root\n");
      }
      if (shapes) {
        script.append("tc").append(IN_WIRE).append(" qdisc add dev ").append(end);
        script.append(" root ").append(Cabling.netem(cable.link())).append('\n');
      }
    }
    boolean joins = !forwards && !cut.contains(cable.node());
    script.append(
        Shell.batch(
            "ip" + IN_WIRE + " -batch -", joins ? Cabling.joined(cable) : Cabling.parted(cable)));
    shell.run("change the line of " + cable.node(), script.toString());
    if (shapes) {
      shaped.add(cable.node());
    } else {
      shaped.remove(cable.node());
    }
    if (forwards) {
      forwarded.add(cable.node());
      wires.wire().order(WireOrder.link(cable, seed));
    }
  }

  /** Lets go of a cable that is about to vanish. */
  void unplug(Cable cable) throws LabException {
    if (forwarded.remove(cable.node())) {
      wires.wire().order(WireOrder.unlink(cable));
    }
  }

  /** A cable was replaced by a new and perfect one. */
  void plug(Cable cable) throws LabException {
    shaped.remove(cable.node());
    apply(cable);
  }

  private boolean netem() throws LabException {
    if (impairment == Impairment.FORWARDER) {
      return false;
    }
    if (netem.isEmpty()) {
      String in = "tc" + IN_WIRE + " qdisc ";
      String fault =
          shell.attempt(in + "add dev lo root netem delay 1ms\n" + in + "del dev lo root\n");
      if (!fault.isEmpty() && impairment == Impairment.NETEM) {
        throw new LabException(Faults.noNetem(fault));
      }
      netem = Optional.of(fault.isEmpty());
    }
    return netem.orElseThrow();
  }
}

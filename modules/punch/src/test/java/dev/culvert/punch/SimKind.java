package dev.culvert.punch;

import dev.culvert.natsim.PortRule;
import java.util.ArrayList;
import java.util.List;

/** What stands before a simulated peer. */
record SimKind(
    String name,
    Box box,
    Dependence mapping,
    Dependence filtering,
    PortRule ports,
    int neighbours) {

  enum Box {
    OPEN,
    FIREWALL,
    NAT
  }

  private static final Dependence EI = Dependence.ENDPOINT_INDEPENDENT;
  private static final Dependence AD = Dependence.ADDRESS;
  private static final Dependence APD = Dependence.ADDRESS_AND_PORT;

  static final SimKind FULL = nat("full", EI, EI, PortRule.preserving());
  static final SimKind ARC = nat("arc", EI, AD, PortRule.preserving());
  static final SimKind PRC = nat("prc", EI, APD, PortRule.preserving());
  static final SimKind CGN = nat("cgn", EI, APD, PortRule.random());
  static final SimKind ADM = nat("adm", AD, APD, PortRule.random());
  static final SimKind SYM = nat("sym", APD, APD, PortRule.random());
  static final SimKind SYMSEQ = nat("symseq", APD, APD, PortRule.sequential(1));
  static final SimKind FIREWALL =
      new SimKind("firewall", Box.FIREWALL, EI, APD, PortRule.preserving(), 0);
  static final SimKind OPEN = new SimKind("open", Box.OPEN, EI, EI, PortRule.preserving(), 0);

  static SimKind nat(String name, Dependence mapping, Dependence filtering, PortRule ports) {
    return new SimKind(name, Box.NAT, mapping, filtering, ports, 0);
  }

  /** The same beside hosts that take so many mappings a second. */
  SimKind crowded(int perSecond) {
    return new SimKind(name + "+" + perSecond, box, mapping, filtering, ports, perSecond);
  }

  /** The same with other ports. */
  SimKind with(PortRule rule) {
    return new SimKind(name + " " + rule.order() + rule.step(), box, mapping, filtering, rule, 0);
  }

  /**
   * Every mapping with every filtering, with the ports that matter, and what translates nothing.
   */
  static List<SimKind> all() {
    List<SimKind> all = new ArrayList<>(List.of(OPEN, FIREWALL, FULL, ARC, PRC, CGN));
    for (Dependence mapping : List.of(AD, APD)) {
      for (Dependence filtering : List.of(EI, AD, APD)) {
        String name = mapping + " mapping, " + filtering + " filtering,";
        all.add(nat(name + " random", mapping, filtering, PortRule.random()));
        all.add(nat(name + " sequential", mapping, filtering, PortRule.sequential(1)));
      }
    }
    return all;
  }

  dev.culvert.natsim.Dependence simMapping() {
    return sim(mapping);
  }

  dev.culvert.natsim.Dependence simFiltering() {
    return sim(filtering);
  }

  private static dev.culvert.natsim.Dependence sim(Dependence own) {
    return dev.culvert.natsim.Dependence.valueOf(own.name());
  }

  @Override
  public String toString() {
    return name;
  }
}

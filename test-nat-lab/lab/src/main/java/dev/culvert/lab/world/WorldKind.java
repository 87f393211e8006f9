package dev.culvert.lab.world;

/** Where a lab lives. */
public enum WorldKind {
  /** In the simulator, in virtual time; on every system. */
  SIM("sim"),
  /** In network namespaces with the kernel's NATs, in real time; on Linux. */
  KERNEL("kernel");

  private final String code;

  WorldKind(String code) {
    this.code = code;
  }

  /** What people write. */
  public String code() {
    return code;
  }
}

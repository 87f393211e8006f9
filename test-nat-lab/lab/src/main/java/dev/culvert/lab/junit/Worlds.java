package dev.culvert.lab.junit;

/** In which worlds tests run. */
public enum Worlds {
  /** In the simulator. */
  SIM,
  /** With the kernel's NATs. */
  KERNEL,
  /** In each of the two; for methods that are {@link LabTest}s. */
  BOTH,
  /**
   * As the configuration parameter or system property {@code culvert.lab.world} says: {@code sim},
   * {@code kernel} or {@code both}. Without it in the simulator if that can express the topology,
   * otherwise with the kernel's NATs.
   */
  AUTOMATIC
}

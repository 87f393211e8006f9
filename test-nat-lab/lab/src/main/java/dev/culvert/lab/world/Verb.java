package dev.culvert.lab.world;

import dev.culvert.lab.LabException;
import java.util.List;

/**
 * Something that can be done on a host of a lab, in one or both worlds: a check, a server, an
 * attempt to reach another host. The lab knows none by itself; its users bring theirs.
 */
public interface Verb {

  /** What scenarios call it: lower-case letters and hyphens. */
  String name();

  /** One line for people: what it does and takes. */
  String summary();

  /**
   * Begins.
   *
   * @param arguments as a scenario writes them; names of hosts are left to the verb
   * @throws IllegalArgumentException with one line for people if it cannot be asked for like that
   */
  VerbRun start(LabWorld world, String host, List<String> arguments) throws LabException;
}

package dev.culvert.cli.ice.drive;

import dev.culvert.ice.IcePolicy;
import dev.culvert.ice.engine.IceEngine;
import dev.culvert.session.LocalAddress;
import java.util.List;

/** What a {@link Drive} has of the host that it runs on, as the command line says. */
public interface DriveHost {
  /** The engine of connections that name none. */
  String engine();

  /** The policy of connections that name none. */
  IcePolicy policy();

  /**
   * Makes an engine; the caller closes it.
   *
   * @throws dev.culvert.cli.Fault if there is none of that name, or it cannot do what was asked for
   */
  IceEngine make(String name);

  /**
   * The addresses of this host that are to be used, as they are now.
   *
   * @throws dev.culvert.cli.Fault if there is none
   */
  List<LocalAddress> addresses();
}

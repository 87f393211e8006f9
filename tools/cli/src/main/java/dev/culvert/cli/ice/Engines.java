package dev.culvert.cli.ice;

import dev.culvert.cli.Fault;
import dev.culvert.ice.engine.IceEngine;
import dev.culvert.ice4j.Ice4jConfig;
import dev.culvert.ice4j.Ice4jEngine;
import dev.culvert.ice4j.Ice4jRelay;
import dev.culvert.peer.SessionEngine;
import dev.culvert.sansio.Transport;
import dev.culvert.session.LocalAddress;
import dev.culvert.session.NamedServer;
import dev.culvert.session.Relay;
import dev.culvert.session.SessionConfig;
import dev.culvert.transport.NetworkRuntime;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The engines of ICE that this command can run on, by name. */
final class Engines {
  /** Our own. */
  static final String CULVERT = "culvert";

  /** Its classes load when it is asked for, which takes a second or two. */
  static final String ICE4J = "ice4j";

  /** All names, the usual one first. */
  static final List<String> NAMES = List.of(CULVERT, ICE4J);

  private static final String MEND = ", or take --ice-engine " + CULVERT;

  private Engines() {}

  /**
   * Makes one; to be closed by the caller.
   *
   * @param plan its addresses, servers and relays
   * @throws Fault if there is none of that name, or it cannot do what the plan says
   */
  static IceEngine make(String name, PeerPlan plan, NetworkRuntime runtime) {
    if (name.equals(CULVERT)) {
      return SessionEngine.start(runtime, plan.config());
    }
    if (name.equals(ICE4J)) {
      return ice4j(plan.config());
    }
    throw Fault.usage(
        "no ICE engine is called '" + name + "'", "there are: " + String.join(", ", NAMES));
  }

  private static IceEngine ice4j(SessionConfig config) {
    if (config.tcp()) {
      throw Fault.usage("ice4j does not connect over TCP", "leave --tcp out" + MEND);
    }
    if (config.hidesAddresses()) {
      throw Fault.usage("ice4j cannot hide addresses", "leave --mdns out" + MEND);
    }
    for (Relay relay : config.relays()) {
      if (relay.config().transport() != Transport.UDP) {
        throw Fault.usage(
            "ice4j speaks to relays over UDP alone, not to " + relay.name(),
            "name one over UDP" + MEND);
      }
    }
    Foreign.LOGGERS.forEach(logger -> logger.setLevel(Level.OFF));
    try {
      return Ice4jEngine.start(
          new Ice4jConfig(
              config.addresses().stream().map(LocalAddress::ip).toList(),
              config.servers().stream().map(NamedServer::address).toList(),
              config.relays().stream()
                  .map(each -> new Ice4jRelay(each.config().server(), each.config().credential()))
                  .toList(),
              config.patience()));
    } catch (IllegalStateException e) {
      throw Fault.usage(String.valueOf(e.getMessage()), "");
    }
  }

  /** What says too much on standard error; held, or their levels would be forgotten. */
  private static final class Foreign {
    static final List<Logger> LOGGERS =
        List.of(
            Logger.getLogger("org.ice4j"),
            Logger.getLogger("org.jitsi"),
            Logger.getLogger("JitsiConfig"));
  }
}

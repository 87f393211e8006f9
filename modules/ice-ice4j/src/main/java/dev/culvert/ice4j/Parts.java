package dev.culvert.ice4j;

import dev.culvert.ice.IceRole;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.util.List;
import org.ice4j.ice.Component;
import org.ice4j.ice.HostCandidate;
import org.ice4j.ice.IceMediaStream;
import org.ice4j.ice.KeepAliveStrategy;
import org.ice4j.ice.LocalCandidate;
import org.ice4j.ice.RelayedCandidate;

/**
 * What ice4j makes of one generation of candidates.
 *
 * @param agent it
 * @param stream its only one
 * @param component the stream's only one
 */
record Parts(CheckingAgent agent, IceMediaStream stream, Component component) {
  private static final String NAME = "data";

  /** Makes them, and sockets on these addresses; the first time takes seconds. */
  static Parts make(
      List<InetAddress> addresses, WireRule rule, IceRole role, CheckingAgent.Ear ear) {
    CheckingAgent agent = new CheckingAgent(ear, role == IceRole.CONTROLLING);
    agent.addCandidateHarvester(new HostHarvester(addresses, rule));
    IceMediaStream stream = agent.createMediaStream(NAME);
    try {
      // Every pair that works is kept, so that there is another when the chosen one breaks. No
      // socket of the component's: it would read each packet by one more thread.
      Component component = agent.createComponent(stream, KeepAliveStrategy.ALL_SUCCEEDED, false);
      return new Parts(agent, stream, component);
    } catch (IOException e) {
      agent.free();
      throw new UncheckedIOException(e);
    }
  }

  /** What a candidate sends from. */
  static LocalCandidate base(LocalCandidate candidate) {
    LocalCandidate base = candidate;
    while (!(base instanceof HostCandidate) && !(base instanceof RelayedCandidate)) {
      base = base.getBase();
    }
    return base;
  }
}

package dev.culvert.ice4j;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.ice4j.ice.Candidate;
import org.ice4j.ice.Component;
import org.ice4j.ice.HostCandidate;
import org.ice4j.ice.LocalCandidate;
import org.ice4j.ice.harvest.AbstractCandidateHarvester;
import org.ice4j.socket.IceSocketWrapper;
import org.ice4j.socket.IceUdpSocketWrapper;
import org.ice4j.socket.MultiplexingDatagramSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens a socket on each of the addresses that it is given, and on no other. */
final class HostHarvester extends AbstractCandidateHarvester {
  private static final Logger LOG = LoggerFactory.getLogger(HostHarvester.class);

  private final List<InetAddress> addresses;
  private final WireRule rule;

  HostHarvester(List<InetAddress> addresses, WireRule rule) {
    this.addresses = addresses;
    this.rule = rule;
  }

  @Override
  public boolean isHostHarvester() {
    return true;
  }

  @Override
  public Collection<LocalCandidate> harvest(Component component) {
    List<LocalCandidate> found = new ArrayList<>();
    for (InetAddress address : addresses) {
      try {
        IceSocketWrapper socket =
            new IceUdpSocketWrapper(
                new MultiplexingDatagramSocket(new GuardedSocket(address, rule)));
        HostCandidate candidate = new Host(socket, component);
        component.addLocalCandidate(candidate);
        candidate.getStunStack().addSocket(candidate.getStunSocket(null));
        found.add(candidate);
      } catch (IOException e) {
        LOG.info("no socket on {}: {}", address.getHostAddress(), e.getMessage());
      }
    }
    return found;
  }

  /** One that pairs with nobody where the policy wants relays alone. */
  private final class Host extends HostCandidate {
    Host(IceSocketWrapper socket, Component component) {
      super(socket, component);
    }

    @Override
    public boolean canReach(Candidate<?> peer) {
      return !rule.isForRelaysAlone() && super.canReach(peer);
    }
  }
}

package dev.culvert.ice4j;

import java.util.Collection;
import org.ice4j.ice.Component;
import org.ice4j.ice.LocalCandidate;

/** The questions that one server is asked, from each address of this host. */
interface Harvest {
  /** Asks, and waits for the answers, for as long as ice4j takes. */
  Collection<LocalCandidate> harvest(Component component);

  /** Lets go whoever waits: ice4j forgets them when an agent ends. */
  void abandon();
}

package dev.culvert.lab;

import dev.culvert.lab.kernel.LiveLab;
import dev.culvert.lab.spec.LinkSpec;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What may be changed in a lab while it runs. A name that it does not have, or a change that makes
 * no sense, is an {@link IllegalArgumentException} with one line for people. Each change is made
 * when its method returns, after some 50 ms; the first that needs the lab's wire (a restart, an
 * address, a capture, an impaired line without netem) takes half a second. Used by one thread at a
 * time.
 */
public final class LabChanges {
  private final LiveLab live;

  LabChanges(LiveLab live) {
    this.live = live;
  }

  /** Restarts a router: it forgets every mapping, filter and connection; its addresses stay. */
  public void reboot(String router) throws LabException {
    live.reboot(router);
  }

  /**
   * Gives a router another outside address; it forgets what it knew under the old one.
   *
   * @param outside the new one; empty for any that is free
   */
  public void readdress(String router, Optional<InetAddress> outside) throws LabException {
    live.readdress(router, outside);
  }

  /**
   * Connects a host elsewhere: its old addresses are gone, it has new ones there. Its line is as
   * good or bad as before.
   *
   * @param uplink {@link dev.culvert.lab.spec.LabSpec#INTERNET} or a router
   */
  public void move(String host, String uplink) throws LabException {
    live.move(host, uplink);
  }

  /** Cuts the line between a host or router and its uplink, where neither can see it. */
  public void cut(String name) throws LabException {
    live.cut(name);
  }

  /** Mends the line that {@link #cut} cut; it does to packets what it did before. */
  public void mend(String name) throws LabException {
    live.mend(name);
  }

  /**
   * Changes what the line between a host or router and its uplink does to packets. Its MTU cannot
   * pass 1280, the least that IPv6 works with.
   */
  public void relink(String name, LinkSpec link) throws LabException {
    live.relink(name, link);
  }

  /**
   * Writes what a host or router sends and receives from now on to a pcap file of Ethernet frames,
   * until the lab ends; of a router what passes its outside and its inside.
   */
  public void capture(String name, Path pcap) throws LabException {
    live.capture(name, pcap);
  }
}

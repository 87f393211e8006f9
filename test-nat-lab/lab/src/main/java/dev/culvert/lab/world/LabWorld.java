package dev.culvert.lab.world;

import dev.culvert.lab.LabException;
import dev.culvert.lab.spec.LabSpec;
import dev.culvert.lab.spec.LinkSpec;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * A lab that is up, the same to its users whether its NATs are simulated or the kernel's.
 *
 * <p>Names are those of its {@link LabSpec}; a name that it does not have, or a change that it
 * cannot make, is an {@link IllegalArgumentException} with one line for people. Every address is
 * the same in both worlds. Used by one thread at a time.
 */
public interface LabWorld extends AutoCloseable {

  /** Where it lives. */
  WorldKind kind();

  /** What it was built from. */
  LabSpec spec();

  /**
   * The present addresses of each host and router, the one that its name stands for first; a
   * router's are its outside ones.
   */
  Map<String, List<InetAddress>> addresses();

  /** The time since it was up: virtual or real. */
  Duration elapsed();

  /** Lets {@code time} pass. */
  void pass(Duration time) throws LabException;

  /**
   * Lets time pass until {@code done} holds, at most {@code limit}.
   *
   * @return whether it holds
   */
  boolean await(BooleanSupplier done, Duration limit) throws LabException;

  /** Restarts a router: it forgets every mapping and filter, its addresses stay. */
  void reboot(String router) throws LabException;

  /**
   * Gives a NAT another outside address, as providers do at night; mappings made before are gone.
   *
   * @param outside the new one; empty for any that is free
   */
  void readdress(String router, Optional<InetAddress> outside) throws LabException;

  /**
   * Moves a host to another network: its old addresses are gone, it has new ones there.
   *
   * @param uplink {@link LabSpec#INTERNET} or a router
   */
  void move(String host, String uplink) throws LabException;

  /** Cuts the line between a host or router and its uplink; nothing passes any more. */
  void cut(String name) throws LabException;

  /** Mends the line that {@link #cut} cut. */
  void mend(String name) throws LabException;

  /** Changes what the line between a host or router and its uplink does to packets. */
  void relink(String name, LinkSpec link) throws LabException;

  /**
   * Writes what a host or router sends and receives from now on to a pcap file, until the lab ends.
   */
  void capture(String name, Path pcap) throws LabException;

  /** Ends it with all that runs in it. */
  @Override
  void close() throws LabException;
}

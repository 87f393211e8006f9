package dev.culvert.natsim;

import java.net.InetAddress;
import java.util.List;

/**
 * Where a host or a router hangs on a network.
 *
 * @param name of the host or router
 * @param receiver takes what arrives
 * @param network the network
 * @param link what lies between
 * @param ips its addresses there
 */
record Port(String name, Receiver receiver, Network network, Link link, List<InetAddress> ips) {

  /** Takes packets that arrive at a port. */
  @FunctionalInterface
  interface Receiver {
    void arrive(Packet packet, Port via);
  }

  void send(Packet packet) {
    network.carry(packet, this);
  }

  void arrive(Packet packet) {
    receiver.arrive(packet, this);
  }
}

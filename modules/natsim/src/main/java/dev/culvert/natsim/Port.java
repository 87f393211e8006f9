package dev.culvert.natsim;

import java.net.InetAddress;
import java.util.List;

/** Where a host or a router hangs on a network. */
final class Port {
  /** Takes packets that arrive at a port. */
  @FunctionalInterface
  interface Receiver {
    void arrive(Packet packet, Port via);
  }

  private final String name;
  private final Receiver receiver;
  private final Network network;
  private SendQueue up = new SendQueue();
  private SendQueue down = new SendQueue();
  private Link link;
  private List<InetAddress> ips;
  private boolean cut;

  Port(String name, Receiver receiver, Network network, Link link, List<InetAddress> ips) {
    this.name = name;
    this.receiver = receiver;
    this.network = network;
    this.link = link;
    this.ips = List.copyOf(ips);
  }

  /** The host or router. */
  String name() {
    return name;
  }

  Network network() {
    return network;
  }

  Link link() {
    return link;
  }

  /** Another line, on which nothing waits yet; what has waited so far leaves in time. */
  void link(Link newLink) {
    link = newLink;
    up = new SendQueue();
    down = new SendQueue();
  }

  List<InetAddress> ips() {
    return ips;
  }

  void ips(List<InetAddress> newIps) {
    ips = List.copyOf(newIps);
  }

  boolean isCut() {
    return cut;
  }

  void cut(boolean isCut) {
    cut = isCut;
  }

  /** What waits on its way to the network. */
  SendQueue up() {
    return up;
  }

  /** What waits on its way from the network. */
  SendQueue down() {
    return down;
  }

  void send(Packet packet) {
    network.carry(packet, this);
  }

  void arrive(Packet packet) {
    if (cut) {
      network.world().tell(network.name(), packet, "the line is cut");
      return;
    }
    network.world().crossed(this, packet, false);
    receiver.arrive(packet, this);
  }
}

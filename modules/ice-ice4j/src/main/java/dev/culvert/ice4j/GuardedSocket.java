package dev.culvert.ice4j;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;

/** A UDP socket of this host that talks to whom a rule allows, and to nobody else. */
final class GuardedSocket extends DatagramSocket {
  private final WireRule rule;

  GuardedSocket(InetAddress local, WireRule rule) throws SocketException {
    super(new InetSocketAddress(local, 0));
    this.rule = rule;
  }

  @Override
  public void send(DatagramPacket packet) throws IOException {
    if (rule.allows(new InetSocketAddress(packet.getAddress(), packet.getPort()))) {
      super.send(packet);
    }
  }

  @Override
  public void receive(DatagramPacket packet) throws IOException {
    int room = packet.getLength();
    do {
      packet.setLength(room);
      super.receive(packet);
    } while (!rule.allows(new InetSocketAddress(packet.getAddress(), packet.getPort())));
  }
}

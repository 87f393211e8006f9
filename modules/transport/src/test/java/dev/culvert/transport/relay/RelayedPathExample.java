package dev.culvert.transport.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.LongTermCredential;
import dev.culvert.stun.StunUri;
import dev.culvert.transport.NetworkRuntime;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;

/** What the README shows. */
final class RelayedPathExample {
  private RelayedPathExample() {}

  static String greet(String uri, TransportAddress peer) throws IOException {
    LongTermCredential alice = new LongTermCredential("alice", "wonderland");
    try (NetworkRuntime runtime = NetworkRuntime.create();
        RelayAllocation relay = RelayAllocation.open(runtime, StunUri.parse(uri), alice).join();
        DatagramSocket socket = relay.socket()) {
      byte[] greeting = ("I am at " + relay.relayed()).getBytes(UTF_8);
      socket.send(new DatagramPacket(greeting, greeting.length, peer.toSocketAddress()));
      DatagramPacket answer = new DatagramPacket(new byte[1500], 1500);
      socket.receive(answer);
      return new String(answer.getData(), 0, answer.getLength(), UTF_8);
    }
  }
}

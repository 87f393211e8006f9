package dev.culvert.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.TransportAddress;
import java.util.ArrayList;
import java.util.List;

/** Clients over TCP that never read what is relayed to them, of which there is much. */
final class SlowReader implements Attack {
  private static final int CLIENTS = 5;
  private static final int DATAGRAMS = 40_000;

  @Override
  public void on(Target relay) throws Exception {
    List<RawTurn> clients = new ArrayList<>();
    Bytes data = Bytes.wrap(new byte[1200]);
    try (RawTurn peer = relay.udp()) {
      TransportAddress peerAt = peer.allocate();
      for (int i = 0; i < CLIENTS; i++) {
        RawTurn client = relay.tcp();
        clients.add(client);
        TransportAddress at = client.allocate();
        assertEquals(0, client.bind(0x4000, peerAt));
        assertEquals(0, peer.bind(0x4000 + i, at));
      }
      for (int i = 0; i < DATAGRAMS; i++) {
        for (int channel = 0x4000; channel < 0x4000 + CLIENTS; channel++) {
          peer.send(channel, data);
        }
      }
      relay.servesOthers();
      // They still hold their connections; who would like to know what the relay holds for them?
      System.out.println("holding");
      if (System.in.read() < 0) {
        throw new AssertionError("nobody told it to go on");
      }
    } finally {
      clients.forEach(RawTurn::close);
    }
  }
}

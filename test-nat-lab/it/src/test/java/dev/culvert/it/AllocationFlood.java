package dev.culvert.it;

import static dev.culvert.it.RawTurn.code;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.stun.Method;
import dev.culvert.stun.StunMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Allocates until the relay refuses, holds all of it, and says "holding" until somebody writes a
 * line to it; then gives one back and has another.
 */
final class AllocationFlood implements Attack {
  private static final int MOST = 2000;

  @Override
  public void on(Target relay) throws Exception {
    List<RawTurn> clients = new ArrayList<>();
    try {
      int refusal = 0;
      while (refusal == 0) {
        assertTrue(clients.size() < MOST, "nothing was refused");
        RawTurn client = relay.udp();
        clients.add(client);
        StunMessage response = client.ask(Method.ALLOCATE, RawTurn.udp());
        refusal = code(response);
      }
      assertTrue(Set.of(486, 508).contains(refusal), "refused with " + refusal);
      System.out.println("holding " + (clients.size() - 1));
      assertTrue(System.in.read() >= 0, "nobody told it to go on");
      RawTurn refused = clients.get(clients.size() - 1);
      assertEquals(refusal, refused.code(Method.ALLOCATE, RawTurn.udp()));
      assertEquals(0, code(clients.get(0).release()));
      assertEquals(0, refused.code(Method.ALLOCATE, RawTurn.udp()));
      for (RawTurn client : clients.subList(1, clients.size())) {
        assertEquals(0, code(client.release()));
      }
    } finally {
      clients.forEach(RawTurn::close);
    }
  }
}

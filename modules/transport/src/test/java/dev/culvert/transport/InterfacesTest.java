package dev.culvert.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.TransportAddress;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InterfacesTest {

  @Test
  void listsLoopbackAmongAllAndNotAmongUsable() {
    assertTrue(
        Interfaces.all().stream().anyMatch(local -> local.ip().equals(Loopback.ip("127.0.0.1"))));
    for (Interfaces.LocalAddress local : Interfaces.usable()) {
      assertFalse(local.isLoopback() || local.isLinkLocal(), local.toString());
    }
  }

  @Test
  void tellsWhichAddressTheSystemSendsFrom() {
    for (String address : Loopback.addresses()) {
      assertEquals(
          Optional.of(Loopback.ip(address)),
          Interfaces.toward(new TransportAddress(Loopback.ip(address), 3478)));
      assertEquals(Optional.of(Loopback.ip(address)), Interfaces.toward(Loopback.at(address)));
    }
  }
}

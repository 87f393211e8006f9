package dev.culvert.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.culvert.sansio.TransportAddress;
import dev.culvert.turn.server.RelayAddress;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class OwnRelayTest {
  @Test
  void relayedAddressesAreThoseOutside() throws Exception {
    TransportAddress inside = new TransportAddress(InetAddress.getByName("192.168.1.7"), 3478);
    TransportAddress outside = new TransportAddress(InetAddress.getByName("203.0.113.7"), 13478);
    ServeConfig config = ServeConfig.at(inside, inside).relaying();
    assertEquals(RelayAddress.of(inside.ip()), OwnRelay.address(config));
    RelayAddress translated = OwnRelay.address(config.stunReachedAt(outside));
    assertEquals(new RelayAddress(inside.ip(), outside.ip()), translated);
    assertEquals(
        List.of(translated),
        new OwnRelay(config.stunReachedAt(outside), Instant::now, new SecureRandom())
            .service()
            .resources()
            .addresses());
    TransportAddress noPort = outside.withPort(0);
    assertThrows(IllegalArgumentException.class, () -> config.stunReachedAt(noPort));
    TransportAddress other = new TransportAddress(InetAddress.getByName("2001:db8::7"), 3478);
    assertThrows(IllegalArgumentException.class, () -> config.stunReachedAt(other));
  }
}

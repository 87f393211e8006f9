package dev.culvert.rendezvous;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NodeUrlTest {
  /** Whoever writes it otherwise than the node is at the same place. */
  @ParameterizedTest
  @CsvSource({
    "wss://[2001:DB8:0:0:0:0:0:1]:443/, wss://[2001:db8::1]/",
    "wss://[2001:db8::0001]:8443/Rdv, wss://[2001:db8::1]:8443/Rdv",
    "wss://[2001:db8:0:0:1:0:0:1], wss://[2001:db8::1:0:0:1]/",
    "wss://[::ffff:192.0.2.1]/, wss://192.0.2.1/",
    "ws://[0:0:0:0:0:0:0:1]:80/, ws://[::1]:80/",
    "ws://127.0.0.2:80, ws://127.0.0.2:80/",
    "WSS://Node.Example, wss://node.example/"
  })
  void aPlaceHasOneText(String given, String text) {
    assertEquals(Optional.of(text), NodeUrl.parse(given).map(NodeUrl::toString));
    assertEquals(NodeUrl.parse(text), NodeUrl.parse(given));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ws://127.node.example:80/", "ws://[2001:db8::1]:80/", "ws://192.0.2.1:80/"})
  void withoutTlsIsForLoopbackAlone(String given) {
    assertEquals(Optional.empty(), NodeUrl.parse(given));
  }
}

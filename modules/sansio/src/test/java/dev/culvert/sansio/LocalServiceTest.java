package dev.culvert.sansio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalServiceTest {
  @Test
  void valuesAreFoundByTheirKeys() {
    LocalService service =
        new LocalService("_culvert._tcp", "a-1", 443, List.of("id=x", "ID=y", "path=/a=b", "e="));
    assertEquals(Optional.of("x"), service.value("Id"));
    assertEquals(Optional.of("/a=b"), service.value("path"));
    assertEquals(Optional.of(""), service.value("e"));
    assertEquals(Optional.empty(), service.value("pat"));
    assertEquals("a-1.local", service.host());
  }

  @ParameterizedTest
  @CsvSource({
    "culvert._tcp, a, 1, k=v",
    "_culvert._sctp, a, 1, k=v",
    "_culvert-is-too-long._tcp, a, 1, k=v",
    "_culvert._tcp, a.b, 1, k=v",
    "_culvert._tcp, a b, 1, k=v",
    "_culvert._tcp, a, 0, k=v",
    "_culvert._tcp, a, 65536, k=v",
    "_culvert._tcp, a, 1, =v",
    "_culvert._tcp, a, 1, kv"
  })
  void whatCannotBeAnnouncedIsRefused(String type, String instance, int port, String text) {
    assertThrows(
        IllegalArgumentException.class,
        () -> new LocalService(type, instance, port, List.of(text)));
  }

  @Test
  void textIsBounded() {
    for (List<String> text :
        List.of(Collections.nCopies(17, "k=v"), List.of("k=" + "v".repeat(254)))) {
      assertThrows(IllegalArgumentException.class, () -> new LocalService("_a._udp", "a", 1, text));
    }
  }
}

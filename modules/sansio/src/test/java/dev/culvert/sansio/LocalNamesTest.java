package dev.culvert.sansio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalNamesTest {

  @ParameterizedTest
  @ValueSource(strings = {"a.local", "a.local.", "A.LOCAL", "a.b.local", ".local"})
  void knowsItsOwnDomain(String name) {
    assertTrue(LocalNames.isLocal(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "local", "local.", "alocal", "a.local.example", "a.local.."})
  void knowsOtherDomains(String name) {
    assertFalse(LocalNames.isLocal(name));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a.local",
        "A-1.Local.",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.local"
      })
  void takesHostNames(String name) {
    assertTrue(LocalNames.isPublishable(name));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "local",
        ".local",
        "a.b.local",
        "-a.local",
        "a-.local",
        "a b.local",
        "\u00e4.local",
        "a.example",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.local"
      })
  void takesNothingElse(String name) {
    assertFalse(LocalNames.isPublishable(name));
  }

  @Test
  void freshNamesAreRandomUuids() {
    Random random = new Random(6762);
    Set<String> names = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      String name = LocalNames.fresh(random);
      UUID uuid = UUID.fromString(name.substring(0, 36));
      assertEquals(uuid + ".local", name);
      assertEquals(4, uuid.version());
      assertEquals(2, uuid.variant());
      assertTrue(LocalNames.isPublishable(name));
      names.add(name);
    }
    assertEquals(100, names.size());
  }

  @Test
  void oneNameHasOneForm() {
    assertEquals("a.local", LocalNames.canonical("A.Local."));
    assertEquals("", LocalNames.canonical("."));
  }
}

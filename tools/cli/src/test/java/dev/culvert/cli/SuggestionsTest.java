package dev.culvert.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SuggestionsTest {
  private static final List<String> WORDS = List.of("check", "stun", "servers", "lab", "--server");

  @Test
  void findsTheNearestWord() {
    assertEquals(Optional.of("check"), Suggestions.nearest("chekc", WORDS));
    assertEquals(Optional.of("--server"), Suggestions.nearest("--sever", WORDS));
    assertEquals(Optional.of("servers"), Suggestions.nearest("SERVER", WORDS));
  }

  @Test
  void staysSilentWhenNothingIsNear() {
    assertEquals(Optional.empty(), Suggestions.nearest("frobnicate", WORDS));
    assertEquals(Optional.empty(), Suggestions.nearest("xyz", WORDS));
  }

  @Test
  void countsEdits() {
    assertEquals(0, Suggestions.distance("lab", "lab"));
    assertEquals(1, Suggestions.distance("lba", "lab"));
    assertEquals(3, Suggestions.distance("", "lab"));
    assertEquals(2, Suggestions.distance("stn", "tun"));
  }
}

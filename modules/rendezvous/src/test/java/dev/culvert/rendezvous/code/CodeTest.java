package dev.culvert.rendezvous.code;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.identity.PeerId;
import dev.culvert.identity.PeerKey;
import dev.culvert.rendezvous.JoinTextException;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.NodeSource;
import dev.culvert.sansio.Bytes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CodeTest {
  private static final Code CODE = new Code(4821, "acid", "zebra");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "4821-acid-zebra",
        " 4821 Acid ZEBRA\n",
        "4821, acid, zebra",
        "4821--acid_zebra",
        "4821\u2013aci\u2014zeb",
        "004821.acid.zebr"
      })
  void whatPeopleWriteIsUnderstood(String text) throws CodeException {
    assertEquals(CODE, Code.parse(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|a code is a number and two words, like 4821-acid-zebra",
        "4821-acid|a code is a number and two words, like 4821-acid-zebra",
        "4821-acid-zebra-zoo|a code is a number and two words, like 4821-acid-zebra",
        "acid-zebra-4821|a code begins with a number, like 4821, not with acid",
        "0-acid-zebra|a code begins with a number, like 4821, not with 0",
        "4821000-acid-zebra|a code begins with a number, like 4821, not with 4821000",
        "\u0661-acid-zebra|a code begins with a number, like 4821, not with \u0661",
        "4821-acid-zerba|no code has the word zerba; did you mean zebra?",
        "4821-acidd-zebra|no code has the word acidd; did you mean acid?",
        "4821-ac-zebra|no code has the word ac; did you mean act?",
        "4821-xxxxxxxx-zebra|no code has the word xxxxxxxx; ask for the code again",
      })
  void whatIsNoCodeIsToldInOneLine(String text, String line) {
    CodeException fault = assertThrows(CodeException.class, () -> Code.parse(text));
    assertEquals(line, fault.getMessage());
  }

  @Test
  void veryLongTextCostsNothing() {
    assertThrows(CodeException.class, () -> Code.parse("1-a-".repeat(100_000)));
  }

  @Test
  void theListIsAsLongAndAsClearAsItIsSaidToBe() {
    assertEquals(2048, Words.ALL.size());
    assertEquals(
        2048,
        Words.ALL.stream()
            .map(word -> word.substring(0, Math.min(4, word.length())))
            .collect(Collectors.toSet())
            .size());
    assertTrue(Words.ALL.stream().allMatch(word -> word.matches("[a-z]{3,8}")));
  }

  @Test
  void codesAreDrawnFromAllWordsAndNumbers() throws CodeException {
    Random random = new Random(5);
    HashSet<String> words = new HashSet<>();
    for (int i = 0; i < 20_000; i++) {
      int number = Code.drawNumber(random);
      assertTrue(number >= 1000 && number <= 9999);
      Code code = Code.of(number, random);
      words.add(code.first());
      words.add(code.second() + "-");
      if (i < 200) {
        assertEquals(code, Code.parse(code.text()));
      }
    }
    assertTrue(words.size() > 4090, () -> words.size() + " of 4096");
    assertFalse(CODE.toString().contains("acid"));
  }

  @Test
  void everybodyLooksAtTheSameNodesInTheSameOrder() {
    Random random = new Random(6);
    List<PeerId> nodes = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      nodes.add(PeerKey.generate(random).id());
    }
    HashSet<PeerId> first = new HashSet<>();
    for (int number = 1000; number < 1100; number++) {
      List<PeerId> order = Code.ranking(number, nodes);
      first.add(order.get(0));
      List<PeerId> shuffled = new ArrayList<>(nodes);
      Collections.shuffle(shuffled, random);
      assertEquals(order, Code.ranking(number, shuffled));
    }
    assertEquals(5, first.size());
  }

  @Test
  void cardsAreReadWithoutWhatIsDamagedInThem() throws JoinTextException {
    PeerId id = PeerKey.generate(new Random(7)).id();
    KnownNode good = KnownNode.parse("wss://a.example/~" + id, NodeSource.TOLD);
    KnownNode local = KnownNode.parse("ws://127.0.0.1:80/", NodeSource.TOLD);
    Card card = new Card(Optional.of("Zo\u00eb \u6c34"), List.of(local, good));
    assertEquals(new Card(card.name(), List.of(good)), Card.read(card.write()));
    assertEquals(0, card.write().length() % 512);
    Card nobody = new Card(Optional.empty(), List.of());
    assertEquals(nobody, Card.read(nobody.write()));
    assertEquals(nobody, Card.read(Bytes.empty()));
    assertEquals(
        new Card(Optional.empty(), List.of(good)),
        Card.read(Bytes.utf8("\u202egnorts\nhttp://x/\nwss:\n\n" + good + "\n")));
    String many = ("\nwss://b.example/~" + id).repeat(20);
    assertEquals(8, Card.read(Bytes.utf8(many)).nodes().size());
    assertEquals(Optional.empty(), Card.read(Bytes.utf8("x".repeat(65))).name());
    assertThrows(IllegalArgumentException.class, () -> new Card(Optional.of("a\nb"), List.of()));
  }
}

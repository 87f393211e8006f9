package dev.culvert.lab.scenario;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever a file holds, the parser takes it or says where it is wrong. */
class ScenarioFuzzTest {
  private static final int ROUNDS = 3_000;
  private static final String ALPHABET =
      "abcdefghijklmnopqrstuvwxyz0123456789 \t\n\r\"\\#/+@|{}*.:-%<>=\u0000\u0007\u00e9\ud83d\uffff";

  private final List<String> words = new ArrayList<>();
  private int taken;
  private int refused;

  @Test
  void mutationsAreTakenOrRefused() throws Exception {
    List<String> texts = new ArrayList<>();
    for (Path file : ScenarioFiles.all()) {
      texts.add(Files.readString(file));
    }
    texts.forEach(text -> words.addAll(List.of(text.split("[ \n]+"))));
    for (int seed = 0; seed < ROUNDS; seed++) {
      Random random = new Random(seed);
      String text = texts.get(random.nextInt(texts.size()));
      for (int i = random.nextInt(6); i >= 0; i--) {
        text = mutated(text, random, texts);
      }
      parse(text, seed);
    }
    assertTrue(taken > ROUNDS / 50, "only " + taken + " were taken");
    assertTrue(refused > ROUNDS / 2, "only " + refused + " were refused");
  }

  private void parse(String text, int seed) {
    try {
      ScenarioParser.parse("fuzz", text);
      taken++;
    } catch (ScenarioFault e) {
      refused++;
      assertFalse(e.problems().isEmpty());
      int lines = text.split("\\r\\n|\\n|\\r", -1).length;
      for (ScenarioFault.Problem problem : e.problems()) {
        boolean inside = problem.line() >= 1 && problem.line() <= lines && problem.column() >= 1;
        assertTrue(inside && !problem.message().isBlank(), "seed " + seed + ": " + problem);
      }
    } catch (RuntimeException | StackOverflowError e) {
      fail("seed " + seed + " made " + e + " of\n" + text, e);
    }
  }

  private String mutated(String text, Random random, List<String> texts) {
    int from = random.nextInt(text.length() + 1);
    int to = Math.min(text.length(), from + random.nextInt(8));
    String head = text.substring(0, from);
    return switch (random.nextInt(7)) {
      case 0 -> head + ALPHABET.charAt(random.nextInt(ALPHABET.length())) + text.substring(from);
      case 1 -> head + text.substring(to);
      case 2 -> head + ' ' + words.get(random.nextInt(words.size())) + ' ' + text.substring(to);
      case 3 -> head + text.substring(from, to) + text.substring(from);
      case 4 -> head + texts.get(random.nextInt(texts.size()));
      case 5 -> head + random.nextLong() + text.substring(to);
      default -> swappedLines(text, random);
    };
  }

  private static String swappedLines(String text, Random random) {
    String[] lines = text.split("\n", -1);
    int one = random.nextInt(lines.length);
    int other = random.nextInt(lines.length);
    String kept = lines[one];
    lines[one] = lines[other];
    lines[other] = kept;
    return String.join("\n", lines);
  }
}

package dev.culvert.rendezvous;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each test that {@code docs/security.md} names for a promise is there. */
class SecurityPageTest {
  private static final Path ROOT = Path.of("../..");
  private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w*Test)(?:\\.(\\w+))?`");

  @Test
  void everyTestThatAPromiseNamesIsThere() throws IOException {
    Map<String, String> tests = tests();
    Matcher named = NAMED.matcher(Files.readString(ROOT.resolve("docs/security.md")));
    List<String> missing = new ArrayList<>();
    int count = 0;
    while (named.find()) {
      count++;
      String source = tests.getOrDefault(named.group(1), "");
      if (source.isEmpty()
          || (named.group(2) != null && !source.contains("void " + named.group(2) + "("))) {
        missing.add(named.group());
      }
    }
    assertEquals(List.of(), missing);
    assertTrue(count > 100, count + " tests are named");
  }

  private static Map<String, String> tests() throws IOException {
    Map<String, String> tests = new HashMap<>();
    for (String part : List.of("modules", "tools", "test-nat-lab")) {
      try (Stream<Path> modules = Files.list(ROOT.resolve(part))) {
        for (Path module : modules.map(its -> its.resolve("src/test/java")).toList()) {
          if (Files.isDirectory(module)) {
            read(module, tests);
          }
        }
      }
    }
    return tests;
  }

  private static void read(Path module, Map<String, String> tests) throws IOException {
    try (Stream<Path> files = Files.walk(module)) {
      for (Path file : files.filter(its -> its.toString().endsWith("Test.java")).toList()) {
        String name = String.valueOf(file.getFileName()).replace(".java", "");
        tests.merge(name, Files.readString(file), String::concat);
      }
    }
  }
}

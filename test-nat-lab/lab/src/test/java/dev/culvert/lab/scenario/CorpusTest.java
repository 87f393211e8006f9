package dev.culvert.lab.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.lab.spec.Profile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the scenarios of this project have in common. */
class CorpusTest {
  static Stream<Path> files() throws IOException {
    return ScenarioFiles.all().stream();
  }

  @ParameterizedTest
  @MethodSource("files")
  void expectsSomethingOfEveryRun(Path file) throws Exception {
    Scenario scenario = ScenarioParser.read(file);
    List<String> steps = scenario.steps().stream().map(Step::text).toList();
    for (int i = 0; i < steps.size(); i++) {
      String[] words = steps.get(i).split(" ", -1);
      if (words[0].equals("run")) {
        String next = i + 1 < steps.size() ? steps.get(i + 1) : "";
        assertTrue(next.startsWith("expect " + words[1] + " "), steps.get(i));
      }
    }
  }

  @Test
  void hasEveryProfileAndNoNameTwice() throws Exception {
    Set<String> files =
        files().map(file -> file.getFileName().toString()).collect(Collectors.toSet());
    Set<String> missing = new TreeSet<>();
    for (Profile profile : Profile.all()) {
      if (!files.contains("profile-" + profile.name() + ".scenario")) {
        missing.add(profile.name());
      }
    }
    assertEquals(Set.of(), missing);
    Set<String> names = new HashSet<>();
    for (Path file : ScenarioFiles.all()) {
      assertTrue(names.add(ScenarioParser.read(file).name()), file.toString());
    }
  }
}

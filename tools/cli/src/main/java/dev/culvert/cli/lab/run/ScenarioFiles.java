package dev.culvert.cli.lab.run;

import dev.culvert.cli.Fault;
import dev.culvert.lab.scenario.Scenario;
import dev.culvert.lab.scenario.ScenarioFault;
import dev.culvert.lab.scenario.ScenarioFault.Problem;
import dev.culvert.lab.scenario.ScenarioParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The scenarios that somebody named, read before any is run.
 *
 * @param scenarios those that were understood, in order
 * @param problems every place that was not
 */
record ScenarioFiles(List<Scenario> scenarios, List<Problem> problems) {
  private static final String SUFFIX = ".scenario";

  ScenarioFiles {
    scenarios = List.copyOf(scenarios);
    problems = List.copyOf(problems);
  }

  /**
   * Reads files, and all {@code *.scenario} below directories.
   *
   * @throws Fault if there is no such file, or none in a directory
   */
  static ScenarioFiles read(List<Path> named) {
    List<Scenario> scenarios = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    for (Path path : named) {
      for (Path file : files(path)) {
        try {
          scenarios.add(ScenarioParser.read(file));
        } catch (ScenarioFault e) {
          problems.addAll(e.problems());
        } catch (IOException e) {
          throw unreadable(file, e);
        }
      }
    }
    return new ScenarioFiles(scenarios, problems);
  }

  private static List<Path> files(Path path) {
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    try (Stream<Path> below = Files.walk(path)) {
      List<Path> found = below.filter(file -> file.toString().endsWith(SUFFIX)).sorted().toList();
      if (found.isEmpty()) {
        throw Fault.usage("there is no *" + SUFFIX + " in " + path, "name files or another folder");
      }
      return found;
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  private static Fault unreadable(Path path, IOException e) {
    return e instanceof NoSuchFileException
        ? Fault.usage("there is no file " + path, "check the name")
        : Fault.usage(
            "cannot read " + path + " (" + e.getClass().getSimpleName() + ")",
            "see that it is a file and yours to read");
  }
}

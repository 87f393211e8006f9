package dev.culvert.it;

import dev.culvert.lab.LabException;
import dev.culvert.lab.LabHost;
import dev.culvert.lab.LabProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The commands in an example's README, run as they stand there. */
final class ExampleReadme {
  private static final Path TREE = Path.of("../..").toAbsolutePath().normalize();
  private static final Path EXAMPLES = TREE.resolve("tools/examples");
  private static final Pattern COMMANDS = Pattern.compile("(?s)```sh\n(.*?)```");

  private final List<String> commands = new ArrayList<>();

  private ExampleReadme(String text) {
    Matcher matcher = COMMANDS.matcher(text);
    while (matcher.find()) {
      matcher.group(1).lines().forEach(commands::add);
    }
  }

  static ExampleReadme of(String example) throws IOException {
    return new ExampleReadme(Files.readString(EXAMPLES.resolve(example).resolve("README.md")));
  }

  /** All that there are. */
  static Set<String> all() {
    try (Stream<Path> entries = Files.list(EXAMPLES)) {
      return entries
          .filter(entry -> Files.exists(entry.resolve("pom.xml")))
          .map(entry -> entry.getFileName().toString())
          .collect(Collectors.toCollection(TreeSet::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How many commands there are. */
  int count() {
    return commands.size();
  }

  /**
   * Starts a command on a host.
   *
   * @param variables what the README calls {@code $NAME}
   * @param more options after those of the README
   */
  LabProcess start(int command, LabHost host, Map<String, String> variables, String... more)
      throws LabException {
    List<String> words = new ArrayList<>(List.of("env"));
    variables.forEach((name, value) -> words.add(name + "=" + value));
    words.add("JAVA_HOME=" + System.getProperty("java.home"));
    words.add("CULVERT_EXAMPLES_CLASSPATH=" + ChildJvm.classPath());
    words.add(
        "CULVERT_JAVA_OPTS=-Xmx160m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData");
    String line = commands.get(command) + " " + String.join(" ", more);
    words.addAll(List.of("sh", "-c", "cd '" + TREE + "' && exec " + line));
    return host.start(words);
  }
}

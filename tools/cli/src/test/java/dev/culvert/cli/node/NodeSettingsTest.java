package dev.culvert.cli.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.culvert.cli.Console;
import dev.culvert.cli.Manual;
import dev.culvert.cli.Streams;
import dev.culvert.cli.settings.EffectiveOption;
import dev.culvert.cli.settings.Origin;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Which of flag, variable and file holds, for every option that there is. */
class NodeSettingsTest {
  @TempDir private Path folder;

  /** What an option ended up with, and where it came from. */
  private record Held(Object value, Origin.Kind origin) {}

  private static CommandSpec node(CommandLine root) {
    return Objects.requireNonNull(root.getSubcommands().get("node")).getCommandSpec();
  }

  /** All flags of {@code culvert node} but those that no file can hold. */
  static Stream<String> flags() {
    return node(Manual.tree()).options().stream()
        .filter(option -> !option.usageHelp() && !option.versionHelp())
        .map(OptionSpec::longestName)
        .filter(name -> !name.equals("--config"));
  }

  private static OptionSpec option(String flag) {
    return node(Manual.tree()).findOption(flag);
  }

  /** Three values, each unlike the one before it. */
  private List<String> values(OptionSpec option) {
    if (option.type() == Path.class) {
      return Stream.of("one", "two", "three").map(folder::resolve).map(Path::toString).toList();
    }
    if (option.type() == boolean.class || option.type() == boolean[].class) {
      return List.of("true", "false", "true");
    }
    return switch (option.longestName() + " " + option.paramLabel()) {
      case "--output FORMAT" -> List.of("yaml", "json", "yaml");
      case "--color WHEN" -> List.of("always", "never", "always");
      default ->
          switch (option.paramLabel()) {
            case "RATE" -> List.of("1mbit", "2mbit", "3mbit");
            case "DURATION" -> List.of("11m", "12m", "13m");
            default ->
                option.type() == String.class || option.isMultiValue()
                    ? List.of("one", "two", "three")
                    : List.of("11", "12", "13");
          };
    };
  }

  private static Held held(Map<String, String> environment, String flag, String... words) {
    CommandLine root = Manual.tree();
    List<String> line = new ArrayList<>(List.of("node"));
    line.addAll(List.of(words));
    root.parseArgs(line.toArray(new String[0]));
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    Console console = new Console(new Streams(nowhere, nowhere, false, false, true, environment));
    NodeSettings settings = NodeSettings.adopt(node(root), new NodeOptions(), console);
    Origin.Kind origin =
        settings.effective().stream()
            .filter(option -> flag.equals("--" + option.key()))
            .map(EffectiveOption::origin)
            .findFirst()
            .orElseThrow()
            .kind();
    return new Held(comparable(node(root).findOption(flag).getValue()), origin);
  }

  private static Object comparable(Object value) {
    return value instanceof boolean[] flags ? Arrays.toString(flags) : String.valueOf(value);
  }

  private static Held plain(String flag, Origin.Kind origin, String... values) {
    CommandLine root = Manual.tree();
    List<String> line = new ArrayList<>(List.of("node"));
    Arrays.stream(values).forEach(value -> line.add(flag + "=" + value));
    root.parseArgs(line.toArray(new String[0]));
    return new Held(comparable(node(root).findOption(flag).getValue()), origin);
  }

  @ParameterizedTest
  @MethodSource("flags")
  void whatIsOnOrOffEndsUpSo(String flag) throws IOException {
    OptionSpec option = option(flag);
    if (option.type() != boolean.class) {
      assertFalse(option.negatable(), flag);
      return;
    }
    String no = "--no-" + flag.substring(2);
    for (String word : List.of("true", "false")) {
      Held held = new Held(word, Origin.Kind.FLAG);
      assertEquals(held, held(Map.of(), flag, flag + "=" + word));
      Path file = Files.writeString(folder.resolve("node.yaml"), flag.substring(2) + ": " + word);
      assertEquals(new Held(word, Origin.Kind.FILE), held(Map.of(), flag, "--config=" + file));
      if (option.negatable()) {
        assertEquals(held, held(Map.of(), flag, word.equals("true") ? flag : no));
      }
    }
  }

  private static String variable(String flag) {
    return "CULVERT_NODE_" + flag.substring(2).toUpperCase(Locale.ROOT).replace('-', '_');
  }

  @ParameterizedTest
  @MethodSource("flags")
  void aFlagRulesOverAVariableAndThatOverTheFile(String flag) throws IOException {
    OptionSpec option = option(flag);
    List<String> values = values(option);
    String key = flag.substring(2);
    Path file = folder.resolve("node.yaml");
    String inFile = values.get(0);
    if (option.isMultiValue()) {
      inFile = "[" + values.get(0) + ", " + values.get(1) + "]";
    }
    Files.writeString(file, key + ": " + inFile + "\n");
    String config = "--config=" + file;
    Map<String, String> environment = Map.of(variable(flag), values.get(1));

    assertEquals(plain(flag, Origin.Kind.DEFAULT), held(Map.of(), flag));
    assertEquals(
        option.isMultiValue()
            ? plain(flag, Origin.Kind.FILE, values.get(0), values.get(1))
            : plain(flag, Origin.Kind.FILE, values.get(0)),
        held(Map.of(), flag, config));
    assertEquals(
        plain(flag, Origin.Kind.ENVIRONMENT, values.get(1)), held(environment, flag, config));
    assertEquals(
        plain(flag, Origin.Kind.FLAG, values.get(2)),
        held(environment, flag, config, flag + "=" + values.get(2)));
  }

  @ParameterizedTest
  @MethodSource("flags")
  void whatSoundsLikeASecretIsMasked(String flag) {
    OptionSpec option = option(flag);
    boolean sounds = flag.matches(".*(secret|password|token).*|--user");
    boolean isFile = option.type() == Path.class;
    if (sounds && !isFile) {
      assertFalse(
          shown("node", flag + "=me:hunter2").contains("hunter2"), flag + " shows its value");
    }
    assertEquals(
        sounds && !isFile, option.paramLabel().matches(".*(SECRET|PASSWORD|TOKEN).*"), flag);
  }

  private static String shown(String... words) {
    CommandLine root = Manual.tree();
    root.parseArgs(words);
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    Console console = new Console(new Streams(nowhere, nowhere, false, false, true, Map.of()));
    return NodeSettings.adopt(node(root), new NodeOptions(), console).effective().toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"--relay=false", "--no-relay"})
  void aFlagTurnsOffWhatTheFileTurnsOn(String off) throws IOException {
    Path file = Files.writeString(folder.resolve("node.yaml"), "relay: yes\n");
    assertEquals(
        new Held("false", Origin.Kind.FLAG), held(Map.of(), "--relay", "--config=" + file, off));
  }

  @Test
  void checkConfigTakesWhatTheNodeTakes() {
    CommandSpec node = node(Manual.tree());
    CommandLine check = Objects.requireNonNull(node.subcommands().get("check-config"));
    assertEquals(node.optionsMap().keySet(), check.getCommandSpec().optionsMap().keySet());
  }

  @Test
  void aVariableHoldsSeveralValuesOnLinesOrBetweenCommas() {
    String flag = "--user";
    Held two = plain(flag, Origin.Kind.ENVIRONMENT, "a:1", "b:2,3");
    assertEquals(two, held(Map.of(variable(flag), "a:1\nb:2,3\n"), flag));
    assertEquals(
        plain("--listen", Origin.Kind.ENVIRONMENT, "::1", "127.0.0.1"),
        held(Map.of(variable("--listen"), "::1, 127.0.0.1"), "--listen"));
  }

  @Test
  void filesInTheFileAreNeighboursOfIt() throws IOException {
    Path file = Files.writeString(folder.resolve("node.yaml"), "cert: tls/chain.pem\n");
    assertEquals(
        new Held(folder.resolve("tls/chain.pem").toString(), Origin.Kind.FILE),
        held(Map.of(), "--cert", "--config=" + file));
  }

  @Test
  void theFileMayBeNamedByTheEnvironment() throws IOException {
    Path file = Files.writeString(folder.resolve("node.yaml"), "threads: 7\n");
    Path other = Files.writeString(folder.resolve("other.yaml"), "threads: 8\n");
    Map<String, String> environment = Map.of("CULVERT_CONFIG", file.toString());
    assertEquals(new Held("7", Origin.Kind.FILE), held(environment, "--threads"));
    assertEquals(
        new Held("8", Origin.Kind.FILE), held(environment, "--threads", "--config=" + other));
  }
}

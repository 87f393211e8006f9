package dev.culvert.cli.node;

import dev.culvert.cli.Console;
import dev.culvert.cli.Manual;
import dev.culvert.cli.Streams;
import dev.culvert.cli.settings.EffectiveOption;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Writes the annotated example of a node's file from the options themselves. */
final class NodeExample {
  private static final int WIDTH = 100;
  private static final Pattern WORD_DEFAULT = Pattern.compile("\\(default: ([^\\s,;)]+)[,;)]");

  private static final String HEAD =
      """
      # What a node does: culvert node --config FILE. As it stands here, with each key commented out,
      # all defaults hold. 'culvert node check-config --config FILE' tells whether a node would start,
      # what holds then, and where that comes from.
      #
      # A key is a flag without its dashes: --relay-ports is relay-ports. A flag rules over its
      # variable in the environment (CULVERT_NODE_RELAY_PORTS), and that over the file; whoever sets a
      # list replaces it. In a variable the values of a list stand on lines, or between commas.
      # true, yes and on are the same, so are false, no and off; --no-relay turns off what is on here.
      # Files are looked for beside this one. Nobody but the node should be able to read a file with
      # secrets in it.
      """;

  private final CommandSpec node;
  private final List<EffectiveOption> defaults;
  private final StringBuilder text = new StringBuilder(HEAD);
  private String heading = "";

  private NodeExample() {
    CommandLine root = Manual.tree();
    root.parseArgs("node");
    node = Objects.requireNonNull(root.getSubcommands().get("node")).getCommandSpec();
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    Console console = new Console(new Streams(nowhere, nowhere, false, false, true, Map.of()));
    defaults = NodeSettings.adopt(node, new NodeOptions(), console).effective();
  }

  /** The whole file. */
  static String text() {
    NodeExample example = new NodeExample();
    example.defaults.forEach(example::add);
    return example.text.toString();
  }

  /** The keys whose default can be told as a value, with it. */
  static Map<String, String> literals() {
    NodeExample example = new NodeExample();
    return example.defaults.stream()
        .filter(option -> example.literal(option).isPresent())
        .collect(
            Collectors.toMap(
                EffectiveOption::key, option -> example.literal(option).orElseThrow()));
  }

  private void add(EffectiveOption key) {
    OptionSpec option = node.findOption("--" + key.key());
    String group =
        option.group() != null
            ? option.group().heading().replace("%n", "").replace(":", "")
            : option.inherited() ? "What every command has" : "Where and how it answers";
    if (!group.equals(heading)) {
      heading = group;
      text.append("\n# ---- ").append(group).append(" ----\n");
    }
    text.append('\n');
    wrapped(description(option)).forEach(line -> text.append("# ").append(line).append('\n'));
    if (key.isList()) {
      text.append('#').append(key.key()).append(":\n#  - ").append(sample(option)).append('\n');
    } else {
      String value = literal(key).orElse(option.paramLabel());
      text.append('#').append(key.key()).append(": ").append(value).append('\n');
    }
  }

  private static String sample(OptionSpec option) {
    return option.type() == boolean[].class ? "true" : option.paramLabel();
  }

  private static String description(OptionSpec option) {
    return String.join(" ", option.description());
  }

  /** Only what is the same on every machine: what the description names in one word. */
  private Optional<String> literal(EffectiveOption key) {
    OptionSpec option = node.findOption("--" + key.key());
    if (key.isList()) {
      return Optional.empty();
    }
    if (option.type() == boolean.class) {
      return Optional.of(key.line());
    }
    Matcher word = WORD_DEFAULT.matcher(description(option));
    return word.find() ? Optional.of(word.group(1)) : Optional.empty();
  }

  private static List<String> wrapped(String description) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : description.split("\\s+", -1)) {
      if (line.length() + word.length() + 3 > WIDTH) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.length() == 0 ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }
}

package dev.culvert.cli.settings;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import dev.culvert.cli.Fault;
import dev.culvert.cli.Suggestions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads one file: a YAML mapping of keys to a value, or to a list of values. What it cannot
 * understand becomes a fault with its line, and it goes on as far as it can.
 */
final class SettingsFile {
  private static final Pattern PLACE = Pattern.compile("line (\\d+), column \\d+");

  private final Path file;
  private final Map<String, OptionKey> keys;
  private final List<Fault> faults;
  private String text = "";
  private int[] signs = {};
  private final Map<String, Setting> found = new LinkedHashMap<>();

  private SettingsFile(Path file, Map<String, OptionKey> keys, List<Fault> faults) {
    this.file = file;
    this.keys = keys;
    this.faults = faults;
  }

  /**
   * What a file says, by key.
   *
   * @param keys all there are
   * @param faults is given what is wrong
   */
  static Map<String, Setting> read(Path file, Map<String, OptionKey> keys, List<Fault> faults) {
    SettingsFile reading = new SettingsFile(file, keys, faults);
    try {
      reading.text = FileText.of(file);
      reading.signs = reading.text.codePoints().toArray();
      try (YAMLParser parser = new YAMLFactory().createParser(reading.text)) {
        reading.document(parser);
      } catch (JsonProcessingException e) {
        faults.add(reading.syntax(e));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    } catch (Fault e) {
      faults.add(e);
    }
    return reading.found;
  }

  private void document(YAMLParser parser) throws IOException {
    JsonToken first = parser.nextToken();
    if (first == null || first == JsonToken.VALUE_NULL) {
      return;
    }
    if (first != JsonToken.START_OBJECT) {
      fault(parser, "here should be a key", "write lines such as 'listen: 0.0.0.0'");
      return;
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      entry(parser, parser.getText(), line(parser));
    }
    if (parser.nextToken() != null) {
      fault(parser, "a second document begins", "keep all keys in one, without '---'");
    }
  }

  private void entry(YAMLParser parser, String name, int line) throws IOException {
    OptionKey key = keys.get(name);
    parser.nextToken();
    if (key == null) {
      faults.add(unknown(name, line));
      parser.skipChildren();
      return;
    }
    Setting before = found.get(name);
    if (before != null) {
      faults.add(
          Fault.usage(
              at(line) + name + " stands already at " + before.origin().where(),
              "leave one of them out" + (key.isList() ? ", or make one list of both" : "")));
      parser.skipChildren();
      return;
    }
    List<SettingValue> values = new ArrayList<>();
    if (parser.currentToken() == JsonToken.START_ARRAY) {
      list(parser, key, values);
    } else {
      value(parser, key, values);
    }
    found.put(name, new Setting(key, values, Origin.line(file.toString(), line)));
  }

  private void list(YAMLParser parser, OptionKey key, List<SettingValue> values)
      throws IOException {
    if (!key.isList()) {
      fault(parser, key.name() + " takes one value", "write it without a list");
      parser.skipChildren();
      return;
    }
    if (isShared(parser)) {
      refuseSharing(parser, key);
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      value(parser, key, values);
    }
  }

  private void value(YAMLParser parser, OptionKey key, List<SettingValue> values)
      throws IOException {
    int line = line(parser);
    if (parser.currentToken() == JsonToken.START_OBJECT) {
      nested(parser, key);
    } else if (parser.currentToken() == JsonToken.START_ARRAY) {
      fault(parser, key.name() + ": a list within a list", "write one list");
      parser.skipChildren();
    } else if (isShared(parser)) {
      refuseSharing(parser, key);
    } else if (parser.currentToken() == JsonToken.VALUE_NULL) {
      fault(parser, key.name() + " has no value", "write one, or leave the key out");
    } else {
      String text = key.argument(parser.getText());
      if (key.isPath() && !text.isEmpty()) {
        text = file.resolveSibling(text).toString();
      }
      values.add(new SettingValue(text, Origin.line(file.toString(), line)));
    }
  }

  private void nested(YAMLParser parser, OptionKey key) throws IOException {
    parser.nextToken();
    String inner = key.name() + "-" + parser.getText();
    fault(
        parser,
        key.name() + " is not a group of keys",
        keys.containsKey(inner)
            ? "write " + inner + " instead"
            : "write its value, in quotes if ': ' stands in it");
    while (parser.currentToken() != JsonToken.END_OBJECT) {
      parser.nextToken();
      parser.skipChildren();
      parser.nextToken();
    }
  }

  /** The parser passes over the anchor of a value in silence. */
  private boolean isShared(YAMLParser parser) throws IOException {
    long start = parser.currentTokenLocation().getCharOffset();
    return parser.isCurrentAlias()
        || parser.getObjectId() != null
        || parser.getTypeId() != null
        || (start >= 0 && start < signs.length && signs[(int) start] == '&');
  }

  private void refuseSharing(YAMLParser parser, OptionKey key) {
    fault(
        parser,
        key.name() + ": anchors, aliases and tags are not understood",
        "write the value itself, in quotes if it begins with & * or !");
  }

  private Fault unknown(String name, int line) {
    String meant =
        Suggestions.nearest(name.replaceFirst("^-+", "").replace('_', '-'), keys.keySet())
            .map(near -> "did you mean '" + near + "'?")
            .orElse("'culvert node --help' lists the flags; a key is a flag without its dashes");
    return Fault.usage(at(line) + "there is no key '" + name + "'", meant);
  }

  /** What the parser quotes of the file is left out, since it may be a secret. */
  private Fault syntax(JsonProcessingException e) {
    String message = String.valueOf(e.getOriginalMessage());
    int line = e.getLocation() == null ? 1 : Math.max(1, e.getLocation().getLineNr());
    Matcher places = PLACE.matcher(message);
    line =
        places
            .results()
            .map((MatchResult place) -> Integer.parseInt(place.group(1)))
            .reduce(line, (before, after) -> after);
    String about = text.lines().skip(line - 1L).findFirst().orElse("");
    if (about.stripLeading().length() < about.length()
        && about.substring(0, about.length() - about.stripLeading().length()).contains("\t")) {
      return Fault.usage(at(line) + "a tab stands before the text", "indent with spaces");
    }
    String problem =
        message
            .lines()
            .filter(part -> !part.isBlank() && !part.startsWith(" "))
            .reduce((before, after) -> after)
            .orElse("");
    return Fault.usage(
        at(line) + "this is not YAML: " + problem.replaceFirst("[.,; ]+$", ""),
        "write 'key: value', and quote values with signs such as : # @ in them");
  }

  private void fault(YAMLParser parser, String what, String mend) {
    faults.add(Fault.usage(at(line(parser)) + what, mend));
  }

  private String at(int line) {
    return file + ":" + line + ": ";
  }

  private static int line(YAMLParser parser) {
    return parser.currentTokenLocation().getLineNr();
  }
}

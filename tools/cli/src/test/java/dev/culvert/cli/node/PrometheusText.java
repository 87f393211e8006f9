package dev.culvert.cli.node;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads Prometheus' text format 0.0.4 strictly: each family has its HELP and TYPE before its
 * samples, once, in one piece; no series comes twice; counters end in {@code _total} and are not
 * negative.
 */
final class PrometheusText {
  private static final Pattern COMMENT =
      Pattern.compile("# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)");

  private static final Pattern SAMPLE =
      Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{([^}]*)\\})? (\\S+)");

  private static final Pattern LABEL =
      Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\n]|\\\\[\\\\n\"])*)\"(,|$)");

  /** Families by name, and what type they are of. */
  final Map<String, String> types = new LinkedHashMap<>();

  /** Values by series. */
  final Map<String, Double> values = new LinkedHashMap<>();

  /** Values of each label of each family. */
  final Map<String, Map<String, Set<String>>> labels = new TreeMap<>();

  private final Set<String> helped = new HashSet<>();
  private String family = "";

  static PrometheusText parse(String text) {
    PrometheusText parsed = new PrometheusText();
    if (!text.endsWith("\n")) {
      throw new AssertionError("the last line is not ended");
    }
    for (String line : text.split("\n", -1)) {
      if (!line.isEmpty()) {
        parsed.line(line);
      }
    }
    return parsed;
  }

  private void line(String line) {
    Matcher comment = COMMENT.matcher(line);
    if (comment.matches()) {
      comment(comment.group(1), comment.group(2), comment.group(3));
      return;
    }
    Matcher sample = SAMPLE.matcher(line);
    if (!sample.matches()) {
      throw new AssertionError("no sample: " + line);
    }
    sample(sample.group(1), sample.group(2), sample.group(3));
  }

  private void comment(String what, String name, String rest) {
    if (what.equals("HELP")) {
      if (!helped.add(name)) {
        throw new AssertionError(name + " comes in two pieces");
      }
    } else {
      if (!helped.contains(name) || types.put(name, rest) != null) {
        throw new AssertionError(name + " has its type twice, or no help");
      }
      if (!List.of("counter", "gauge", "summary", "histogram").contains(rest)) {
        throw new AssertionError(name + " is a " + rest);
      }
    }
    family = name;
  }

  private void sample(String name, @Nullable String labelText, String value) {
    String type = types.getOrDefault(family, "");
    boolean ofFamily =
        name.equals(family)
            || (type.equals("summary") && (name + " ").matches(family + "_(count|sum) "));
    if (!ofFamily || type.isEmpty()) {
      throw new AssertionError(name + " stands in the family " + family);
    }
    double number = Double.parseDouble(value);
    if (type.equals("counter") && (!name.endsWith("_total") || number < 0)) {
      throw new AssertionError(name + " is no counter: " + value);
    }
    List<String> seen = new ArrayList<>();
    if (labelText != null) {
      Matcher label = LABEL.matcher(labelText);
      int end = 0;
      while (label.find() && label.start() == end) {
        seen.add(label.group(1) + "=" + label.group(2));
        labels
            .computeIfAbsent(family, f -> new TreeMap<>())
            .computeIfAbsent(label.group(1), l -> new HashSet<>())
            .add(label.group(2));
        end = label.end();
      }
      if (end != labelText.length()) {
        throw new AssertionError("malformed labels: " + labelText);
      }
    }
    if (values.put(name + seen, number) != null) {
      throw new AssertionError(name + seen + " comes twice");
    }
  }
}

package dev.culvert.lab.scenario;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what stands behind a field: values, ranges, comparisons. */
final class Conditions {
  private static final String NUMBER = "-?[0-9]{1,15}(?:\\.[0-9]{1,9})?";
  private static final Pattern RANGE = Pattern.compile("(" + NUMBER + ")\\.\\.(" + NUMBER + ")");
  private static final Pattern PLACE = Pattern.compile("\\{([^{}]*)\\}");
  private static final Map<String, IntPredicate> COMPARISONS =
      Map.of("<", sign -> sign < 0, "<=", sign -> sign <= 0, ">", s -> s > 0, ">=", s -> s >= 0);

  /** What may stand behind the dot of {@code {name.ipv6}}. */
  private static final List<String> FAMILIES = List.of("ipv4", "ipv6");

  private Conditions() {}

  /** A number between two. */
  private record Range(BigDecimal least, BigDecimal most) implements Condition {
    @Override
    public boolean holds(String value, Sight sight) {
      return isNumber(value)
          && new BigDecimal(value).compareTo(least) >= 0
          && new BigDecimal(value).compareTo(most) <= 0;
    }

    @Override
    public String words(Sight sight) {
      return least.toPlainString() + " to " + most.toPlainString();
    }
  }

  /** A number on one side of another. */
  private record Comparison(String sign, IntPredicate accepts, BigDecimal bound)
      implements Condition {
    @Override
    public boolean holds(String value, Sight sight) {
      return isNumber(value) && accepts.test(new BigDecimal(value).compareTo(bound));
    }

    @Override
    public String words(Sight sight) {
      return sign + " " + bound.toPlainString();
    }
  }

  /** One of several texts; {@code *} stands for anything in those that were not quoted. */
  private record AnyOf(List<String> values, boolean literal) implements Condition {
    AnyOf {
      values = List.copyOf(values);
    }

    @Override
    public boolean holds(String value, Sight sight) {
      return values.stream()
          .anyMatch(
              one -> literal ? one.equals(value) : matches(sight.resolve().apply(one), value));
    }

    @Override
    public String words(Sight sight) {
      return literal
          ? "\"" + values.get(0) + "\""
          : String.join(" or ", values.stream().map(sight.resolve()).toList());
    }
  }

  private record Containing(String part) implements Condition {
    @Override
    public boolean holds(String value, Sight sight) {
      return value.contains(sight.resolve().apply(part));
    }

    @Override
    public String words(Sight sight) {
      return "something with \"" + sight.resolve().apply(part) + "\"";
    }
  }

  /** The same as before. */
  private record Unchanged() implements Condition {
    @Override
    public boolean holds(String value, Sight sight) {
      return sight.before().equals(Optional.of(value));
    }

    @Override
    public String words(Sight sight) {
      return sight.before().map(value -> value + " as before").orElse("something before");
    }
  }

  private record Not(Condition other) implements Condition {
    @Override
    public boolean holds(String value, Sight sight) {
      return !other.holds(value, sight);
    }

    @Override
    public String words(Sight sight) {
      return "anything but " + other.words(sight);
    }
  }

  /**
   * {@code [not] VALUE|VALUE…}, {@code 1..5}, {@code < 5}, {@code contains TEXT}, {@code as
   * before}.
   */
  static Condition read(Cursor line, Draft draft) {
    if (line.take("not")) {
      return new Not(read(line, draft));
    }
    if (line.take("as")) {
      line.expect("before");
      return new Unchanged();
    }
    if (line.take("contains")) {
      Word part = line.next("what it contains");
      places(part, draft);
      return new Containing(part.text());
    }
    Word word = line.next("a value", "not", "as before", "contains", "<", "<=", ">", ">=");
    IntPredicate comparison = word.quoted() ? null : COMPARISONS.get(word.text());
    if (comparison != null) {
      Word bound = line.next("a number");
      if (!isNumber(bound.text())) {
        throw LineFault.expecting(bound, List.of("a number"));
      }
      return new Comparison(word.text(), comparison, new BigDecimal(bound.text()));
    }
    Matcher range = RANGE.matcher(word.text());
    if (!word.quoted() && range.matches()) {
      Range limits = new Range(new BigDecimal(range.group(1)), new BigDecimal(range.group(2)));
      if (limits.least().compareTo(limits.most()) > 0) {
        throw LineFault.saying(word.column(), "nothing lies between " + word.text());
      }
      return limits;
    }
    return values(word, draft);
  }

  private static Condition values(Word word, Draft draft) {
    if (word.quoted()) {
      return new AnyOf(List.of(word.text()), true);
    }
    List<String> values = Arrays.asList(word.text().split("\\|", -1));
    if (values.contains("")) {
      throw LineFault.expecting(word, List.of("values like yes|unknown"));
    }
    places(word, draft);
    return new AnyOf(values, false);
  }

  /** Demands that every {@code {name}} is one. */
  private static void places(Word word, Draft draft) {
    Matcher matcher = PLACE.matcher(word.text());
    while (matcher.find()) {
      int dot = matcher.group(1).indexOf('.');
      if (dot >= 0 && !FAMILIES.contains(matcher.group(1).substring(dot + 1))) {
        throw LineFault.expecting(word.part(matcher.start(1) + dot + 1, matcher.end(1)), FAMILIES);
      }
      int end = dot < 0 ? matcher.end(1) : matcher.start(1) + dot;
      draft.refer(word.part(matcher.start(1), end), Draft.Kind.ANY);
    }
  }

  /** Puts what {@code address} says in the place of each {@code {name}}. */
  static String resolve(String text, UnaryOperator<String> address) {
    return PLACE
        .matcher(text)
        .replaceAll(match -> Matcher.quoteReplacement(address.apply(match.group(1))));
  }

  private static boolean isNumber(String text) {
    return text.matches(NUMBER);
  }

  private static boolean matches(String pattern, String value) {
    List<String> parts = new ArrayList<>();
    for (String part : pattern.split("\\*", -1)) {
      parts.add(Pattern.quote(part));
    }
    return Pattern.compile(String.join(".*", parts), Pattern.DOTALL).matcher(value).matches();
  }
}

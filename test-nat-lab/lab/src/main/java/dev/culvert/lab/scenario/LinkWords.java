package dev.culvert.lab.scenario;

import dev.culvert.lab.spec.LinkSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The words that say what a line does to packets. */
final class LinkWords {
  private static final long MOST_SECONDS = 60;
  private static final int LEAST_MTU = 68;
  private static final int MOST_MTU = 65535;

  /** How to read what follows each word, as {@link LinkSpec#parse} takes it. */
  private static final Map<String, Function<Cursor, String>> PROPERTIES = properties();

  private LinkWords() {}

  private static Map<String, Function<Cursor, String>> properties() {
    Map<String, Function<Cursor, String>> all = new LinkedHashMap<>();
    all.put("delay", line -> micros(line, "50ms"));
    all.put("jitter", line -> micros(line, "5ms"));
    for (String share : List.of("loss", "duplicate", "reorder")) {
      all.put(share, line -> Values.share(line).text());
    }
    all.put("rate", line -> Values.rate(line).text());
    all.put("mtu", line -> Integer.toString(Values.integer(line, "an MTU", LEAST_MTU, MOST_MTU)));
    return all;
  }

  /** Reads {@code perfect}, or any of the properties, each once, in any order. */
  static LinkSpec read(Cursor line) {
    if (line.take("perfect")) {
      return LinkSpec.PERFECT;
    }
    Map<String, String> parts = new LinkedHashMap<>();
    Word first = line.peek("perfect", PROPERTIES.keySet());
    do {
      Word word = line.oneOf(List.copyOf(PROPERTIES.keySet()));
      if (parts.containsKey(word.text())) {
        throw LineFault.saying(word.column(), "'" + word.text() + "' stands here twice");
      }
      Function<Cursor, String> property = PROPERTIES.get(word.text());
      parts.put(word.text(), property == null ? "" : word.text() + ":" + property.apply(line));
    } while (line.hasMore());
    try {
      return LinkSpec.parse(String.join(",", parts.values()));
    } catch (IllegalArgumentException e) {
      throw LineFault.saying(first.column(), String.valueOf(e.getMessage()));
    }
  }

  private static String micros(Cursor line, String example) {
    return Values.duration(line, example, MOST_SECONDS).toNanos() / 1000 + "us";
  }
}

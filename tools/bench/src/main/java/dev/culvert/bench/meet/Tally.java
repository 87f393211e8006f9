package dev.culvert.bench.meet;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What became of what a crowd did. */
final class Tally {
  private static final int MOST_REASONS = 8;

  long done;
  long said;
  long retries;
  private long failed;
  private final Map<String, Long> reasons = new TreeMap<>();

  void reset() {
    done = 0;
    said = 0;
    retries = 0;
    failed = 0;
    reasons.clear();
  }

  void failed(String reason) {
    failed++;
    String plain = reason.replaceAll("[^ -~]", "?").replace('"', '\'').replace('\\', '/');
    if (reasons.size() < MOST_REASONS || reasons.containsKey(plain)) {
      reasons.merge(plain, 1L, Long::sum);
    }
  }

  String json(String name, double seconds) {
    StringBuilder text = new StringBuilder();
    text.append("{\"name\": \"").append(name);
    text.append("\", \"seconds\": ").append(String.format(Locale.ROOT, "%.3f", seconds));
    text.append(", \"done\": ").append(done);
    text.append(", \"said\": ").append(said);
    text.append(", \"retries\": ").append(retries);
    text.append(", \"failed\": ").append(failed);
    text.append(", \"reasons\": {");
    String comma = "";
    for (Map.Entry<String, Long> each : reasons.entrySet()) {
      text.append(comma).append('"').append(each.getKey()).append("\": ").append(each.getValue());
      comma = ", ";
    }
    return text.append("}}").toString();
  }
}

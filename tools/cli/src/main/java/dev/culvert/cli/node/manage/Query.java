package dev.culvert.cli.node.manage;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Reads what stands behind the question mark. */
final class Query {
  private Query() {}

  /**
   * The values by their names; of several with one name the last. What is malformed is left out.
   */
  static Map<String, String> of(String query) {
    Map<String, String> all = new HashMap<>();
    for (String part : query.split("&", -1)) {
      int equals = part.indexOf('=');
      if (equals > 0) {
        try {
          all.put(part.substring(0, equals), decode(part.substring(equals + 1)));
        } catch (IllegalArgumentException e) {
          all.remove(part.substring(0, equals));
        }
      }
    }
    return all;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}

package dev.culvert.cli.ice.drive;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One line of input.
 *
 * @param word what is to be done
 * @param fields the rest by their names: what is text as it is, anything else as JSON
 */
record Order(String word, Map<String, String> fields) {
  /** The most characters of a line: a description of 256 KiB fits, and the largest datagram. */
  static final int LONGEST = 512 << 10;

  private static final int LONGEST_ID = 64;
  private static final long LONGEST_MILLIS = Duration.ofDays(1).toMillis();
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(8).maxStringLength(LONGEST).build())
          .build();

  Order {
    fields = Map.copyOf(fields);
  }

  static Order parse(String line) throws OrderException {
    Map<String, String> fields = new LinkedHashMap<>();
    try (JsonParser in = JSON.createParser(line)) {
      if (in.nextToken() != JsonToken.START_OBJECT) {
        throw new OrderException("an order is a JSON object");
      }
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        String name = in.currentName();
        JsonToken value = in.nextToken();
        if (value.isScalarValue()) {
          fields.put(name, in.getText());
        } else {
          fields.put(name, structure(in));
        }
      }
      if (in.nextToken() != null) {
        throw new OrderException("something follows the order on its line");
      }
    } catch (IOException e) {
      throw new OrderException("no JSON: " + shortened(String.valueOf(e.getMessage())));
    }
    String word = fields.remove("do");
    if (word == null) {
      throw new OrderException("the order lacks \"do\"");
    }
    return new Order(word, fields);
  }

  private static String structure(JsonParser in) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = JSON.createGenerator(text)) {
      out.copyCurrentStructure(in);
    }
    return text.toString();
  }

  /** What somebody sent is not shown at length, nor with what a terminal would obey. */
  static String shortened(String text) {
    String plain = text.lines().findFirst().orElse("").strip().replaceAll("[^\\x20-\\x7e]", "?");
    return plain.length() > 80 ? plain.substring(0, 77) + "..." : plain;
  }

  /** Refuses fields that mean nothing here, as they are mistyped. */
  void allow(Set<String> names) throws OrderException {
    for (String name : fields.keySet()) {
      if (!names.contains(name)) {
        throw new OrderException(
            "\"" + word + "\" has no \"" + shortened(name) + "\"; it may have " + names);
      }
    }
  }

  Optional<String> text(String name) {
    return Optional.ofNullable(fields.get(name));
  }

  String need(String name) throws OrderException {
    return text(name)
        .orElseThrow(() -> new OrderException("\"" + word + "\" lacks \"" + name + "\""));
  }

  /** What the connection is called. */
  String id() throws OrderException {
    String id = need("id");
    if (id.isEmpty() || id.length() > LONGEST_ID) {
      throw new OrderException("an id has 1 to " + LONGEST_ID + " characters");
    }
    return id;
  }

  Optional<Duration> millis(String name) throws OrderException {
    Optional<String> text = text(name);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    if (!text.get().matches("[0-9]{1,9}") || Long.parseLong(text.get()) > LONGEST_MILLIS) {
      throw new OrderException(
          "\"" + name + "\" is a whole number of milliseconds, " + LONGEST_MILLIS + " at most");
    }
    return Optional.of(Duration.ofMillis(Long.parseLong(text.get())));
  }

  boolean flag(String name) throws OrderException {
    String text = text(name).orElse("false");
    if (!text.equals("true") && !text.equals("false")) {
      throw new OrderException("\"" + name + "\" is true or false");
    }
    return text.equals("true");
  }
}

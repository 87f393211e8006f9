package dev.culvert.it;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/**
 * One line that {@code culvert ice drive} wrote.
 *
 * @param fields by their names: what is text as it is, anything else as JSON
 */
record DrivenEvent(Map<String, String> fields) {
  private static final JsonFactory JSON = new JsonFactory();

  DrivenEvent {
    fields = Map.copyOf(fields);
  }

  static DrivenEvent parse(String line) throws IOException {
    Map<String, String> fields = new HashMap<>();
    try (JsonParser in = JSON.createParser(line)) {
      if (in.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("no event: " + line);
      }
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        String name = in.currentName();
        fields.put(name, in.nextToken().isScalarValue() ? in.getText() : structure(in));
      }
    }
    return new DrivenEvent(fields);
  }

  private static String structure(JsonParser in) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = JSON.createGenerator(text)) {
      out.copyCurrentStructure(in);
    }
    return text.toString();
  }

  /** What happened. */
  String name() {
    return field("event");
  }

  /** A field; empty text if there is none. */
  String field(String name) {
    return fields.getOrDefault(name, "");
  }

  /** Milliseconds since the command began. */
  double at() {
    return Double.parseDouble(field("at"));
  }

  /** What was received. */
  byte[] data() {
    return Base64.getDecoder().decode(field("data"));
  }

  /** Whether a path is relayed. */
  boolean isRelayed() {
    return field("relayed").equals("true");
  }
}

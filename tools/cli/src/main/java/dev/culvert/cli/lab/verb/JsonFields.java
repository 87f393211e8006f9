package dev.culvert.cli.lab.verb;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** Reads the scalar fields of a JSON object as text, named by their path: {@code ipv4.nat}. */
public final class JsonFields {
  private JsonFields() {}

  /**
   * The fields; those within arrays are left out.
   *
   * @throws IOException if the text is no JSON
   */
  public static Map<String, String> read(String json) throws IOException {
    Map<String, String> fields = new HashMap<>();
    try (JsonParser parser = new JsonFactory().createParser(json)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.START_ARRAY) {
          parser.skipChildren();
        } else if (token.isScalarValue()) {
          String path = parser.getParsingContext().pathAsPointer().toString();
          fields.put(path.substring(1).replace('/', '.'), parser.getText());
        }
      }
    }
    return fields;
  }
}

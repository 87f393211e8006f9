package dev.culvert.cli.connect.stream;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A JSON object with its length in two bytes before it, at most 4,096 bytes long. Fields that
 * nobody knows are read over.
 *
 * @param fields texts, numbers and truth values by name
 */
record Message(Map<String, Object> fields) {
  static final int LONGEST = 4096;

  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  Message {
    fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
  }

  static Message empty() {
    return new Message(Map.of());
  }

  Message with(String name, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(fields);
    more.put(name, value);
    return new Message(more);
  }

  Optional<String> text(String name) {
    return fields.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
  }

  Optional<Long> number(String name) {
    return fields.get(name) instanceof Long number ? Optional.of(number) : Optional.empty();
  }

  boolean is(String name) {
    return Boolean.TRUE.equals(fields.get(name));
  }

  /**
   * Reads one.
   *
   * @throws EOFException if the stream ended before its end
   * @throws StreamFault if it is none
   */
  static Message read(InputStream in) throws IOException {
    byte[] text = in.readNBytes(length(in));
    try (JsonParser parser = JSON.createParser(text)) {
      return new Message(object(parser));
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw StreamFault.malformed("what should be JSON is none");
    }
  }

  private static int length(InputStream in) throws IOException {
    int high = in.read();
    int low = in.read();
    if (low < 0) {
      throw new EOFException("the stream ended");
    }
    int length = (high << 8) | low;
    if (length > LONGEST) {
      throw StreamFault.malformed("a message of " + length + " bytes is too long");
    }
    return length;
  }

  private static Map<String, Object> object(JsonParser parser) throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw StreamFault.malformed("what should be a JSON object is none");
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      switch (parser.nextToken()) {
        case VALUE_STRING -> fields.put(name, parser.getText());
        case VALUE_NUMBER_INT -> fields.put(name, parser.getLongValue());
        case VALUE_TRUE -> fields.put(name, true);
        case VALUE_FALSE -> fields.put(name, false);
        default -> parser.skipChildren();
      }
    }
    if (parser.nextToken() != null) {
      throw StreamFault.malformed("something follows the JSON object");
    }
    return fields;
  }

  void write(OutputStream out) throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try (JsonGenerator generator = JSON.createGenerator(text)) {
      generator.writeStartObject();
      for (Map.Entry<String, Object> field : fields.entrySet()) {
        if (field.getValue() instanceof Boolean truth) {
          generator.writeBooleanField(field.getKey(), truth);
        } else if (field.getValue() instanceof Number number) {
          generator.writeNumberField(field.getKey(), number.longValue());
        } else {
          generator.writeStringField(field.getKey(), field.getValue().toString());
        }
      }
      generator.writeEndObject();
    }
    if (text.size() > LONGEST) {
      throw StreamFault.malformed("a message of " + text.size() + " bytes is too long");
    }
    byte[] framed = new byte[2 + text.size()];
    framed[0] = (byte) (text.size() >> 8);
    framed[1] = (byte) text.size();
    System.arraycopy(text.toByteArray(), 0, framed, 2, text.size());
    out.write(framed);
    out.flush();
  }
}

package dev.culvert.cli.node.manage;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads and writes JSON as maps, lists, texts, numbers and truths; null is left out. */
public final class JsonText {
  private JsonText() {}

  /** The object that a text is; empty: it is none. */
  static Optional<Map<String, Object>> object(String text) {
    try (JsonParser parser = new JsonFactory().createParser(text)) {
      return parser.nextToken() == JsonToken.START_OBJECT
          ? Optional.of(object(parser))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Map<String, Object> object(JsonParser parser) throws IOException {
    Map<String, Object> object = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      value(parser).ifPresent(value -> object.put(name, value));
    }
    return object;
  }

  private static Optional<Object> value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> Optional.of(object(parser));
      case START_ARRAY -> {
        List<Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          value(parser).ifPresent(list::add);
        }
        yield Optional.of(list);
      }
      case VALUE_NUMBER_INT -> Optional.of(parser.getLongValue());
      case VALUE_NUMBER_FLOAT -> Optional.of(parser.getDoubleValue());
      case VALUE_TRUE -> Optional.of(true);
      case VALUE_FALSE -> Optional.of(false);
      case VALUE_NULL -> Optional.empty();
      default -> Optional.of(parser.getText());
    };
  }

  /** Writes what was read. */
  public static void write(Object value, JsonGenerator out) throws IOException {
    if (value instanceof Map<?, ?> object) {
      out.writeStartObject();
      for (Map.Entry<?, ?> entry : object.entrySet()) {
        out.writeFieldName(String.valueOf(entry.getKey()));
        write(entry.getValue(), out);
      }
      out.writeEndObject();
    } else if (value instanceof List<?> list) {
      out.writeStartArray();
      for (Object each : list) {
        write(each, out);
      }
      out.writeEndArray();
    } else if (value instanceof Long number) {
      out.writeNumber(number);
    } else if (value instanceof Double number) {
      out.writeNumber(number);
    } else if (value instanceof Boolean truth) {
      out.writeBoolean(truth);
    } else {
      out.writeString(String.valueOf(value));
    }
  }

  /** The number of a field; 0: it has none. */
  public static long number(Map<String, Object> object, String name) {
    return object.get(name) instanceof Number number ? number.longValue() : 0;
  }

  /** The text of a field; empty: it has none. */
  public static String text(Map<String, Object> object, String name) {
    return object.get(name) instanceof String text ? text : "";
  }

  /** The objects of a field's list. */
  public static List<Map<String, Object>> objects(Map<String, Object> object, String name) {
    List<Map<String, Object>> all = new ArrayList<>();
    if (object.get(name) instanceof List<?> list) {
      list.forEach(each -> all.add(cast(each)));
    }
    return all;
  }

  /** The object of a field; an empty one: it has none. */
  public static Map<String, Object> inner(Map<String, Object> object, String name) {
    return cast(object.get(name));
  }

  private static Map<String, Object> cast(@Nullable Object value) {
    Map<String, Object> object = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> map) {
      map.forEach((name, each) -> object.put(String.valueOf(name), each));
    }
    return object;
  }

  /** The texts of a field's list. */
  public static List<String> texts(Map<String, Object> object, String name) {
    List<String> all = new ArrayList<>();
    if (object.get(name) instanceof List<?> list) {
      list.forEach(each -> all.add(String.valueOf(each)));
    }
    return all;
  }
}

package dev.culvert.cli.ice.trace;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A trace as text, one JSON object a line. */
public final class TraceText {
  /** What the first line says that it is. */
  public static final String SCHEMA = "culvert.ice-trace/1";

  private static final String FAMILY = "culvert.ice-trace/";
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(8).maxStringLength(8192).build())
          .build();

  private TraceText() {}

  /** The object for a line. */
  public static String write(TraceLine line) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = JSON.createGenerator(text)) {
      out.writeStartObject();
      out.writeNumberField(
          "at", BigDecimal.valueOf(line.millis()).setScale(3, RoundingMode.HALF_UP));
      out.writeStringField("kind", line.kind());
      for (Map.Entry<String, Object> field : line.fields().entrySet()) {
        out.writeFieldName(field.getKey());
        write(out, field.getValue());
      }
      out.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static void write(JsonGenerator out, Object value) throws IOException {
    if (value instanceof Boolean truth) {
      out.writeBoolean(truth);
    } else if (value instanceof Integer || value instanceof Long) {
      out.writeNumber(((Number) value).longValue());
    } else if (value instanceof Number number) {
      out.writeNumber(BigDecimal.valueOf(number.doubleValue()).setScale(3, RoundingMode.HALF_UP));
    } else {
      out.writeString(value.toString());
    }
  }

  /**
   * Reads a whole trace. Fields and kinds that nobody here knows are kept; a last line that is cut
   * off is passed over, as whoever wrote it may have been killed.
   *
   * @throws TraceException if it is no trace, or of another version
   */
  public static List<TraceLine> read(List<String> lines) throws TraceException {
    List<TraceLine> read = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).isBlank()) {
        continue;
      }
      Optional<TraceLine> line = line(lines.get(i));
      if (line.isEmpty() && (i < lines.size() - 1 || read.isEmpty())) {
        throw new TraceException(
            "line " + (i + 1) + " is no line of a trace: " + shortened(lines.get(i)));
      }
      line.ifPresent(read::add);
    }
    if (read.isEmpty()) {
      throw new TraceException("it is empty");
    }
    String schema = read.get(0).text("schema");
    if (!schema.equals(SCHEMA)) {
      throw new TraceException(
          schema.startsWith(FAMILY)
              ? "it is of version " + shortened(schema) + ", and this reads " + SCHEMA
              : "it does not begin as a trace does, with \"schema\":\"" + SCHEMA + "\"");
    }
    return read;
  }

  private static Optional<TraceLine> line(String text) {
    Map<String, Object> fields = new LinkedHashMap<>();
    try (JsonParser in = JSON.createParser(text)) {
      if (in.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        String name = in.currentName();
        JsonToken value = in.nextToken();
        if (value.isNumeric()) {
          fields.put(name, in.getDoubleValue());
        } else if (value.isBoolean()) {
          fields.put(name, in.getBooleanValue());
        } else if (value == JsonToken.VALUE_STRING) {
          fields.put(name, in.getText());
        } else {
          in.skipChildren();
        }
      }
      if (in.currentToken() != JsonToken.END_OBJECT) {
        return Optional.empty();
      }
    } catch (IOException e) {
      return Optional.empty();
    }
    return fields.remove("at") instanceof Double at && fields.remove("kind") instanceof String kind
        ? Optional.of(new TraceLine(at, kind, fields))
        : Optional.empty();
  }

  private static String shortened(String text) {
    String plain = text.replaceAll("[^\\x20-\\x7e]", "?");
    return plain.length() > 60 ? plain.substring(0, 57) + "..." : plain;
  }
}

package dev.culvert.cli.ice.trace;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One thing that happened.
 *
 * @param millis since the trace began
 * @param kind what kind of thing, one word with hyphens
 * @param fields more of it: text, numbers and truth values, by their names
 */
public record TraceLine(double millis, String kind, Map<String, Object> fields) {

  /** Copies the fields, whose order stays. */
  public TraceLine {
    fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
  }

  /** A line of this kind. */
  public static TraceLine of(double millis, String kind) {
    return new TraceLine(millis, kind, Map.of());
  }

  /** The same with another field; an empty value is left out. */
  public TraceLine with(String name, Optional<?> value) {
    return value.isPresent() ? with(name, value.get()) : this;
  }

  /** The same with another field. */
  public TraceLine with(String name, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(fields);
    more.put(name, value);
    return new TraceLine(millis, kind, more);
  }

  /** A field as text; empty text if there is none. */
  public String text(String name) {
    Object value = fields.get(name);
    return value == null ? "" : value.toString();
  }

  /** A field that is a number. */
  public Optional<Double> number(String name) {
    return fields.get(name) instanceof Number number
        ? Optional.of(number.doubleValue())
        : Optional.empty();
  }

  /** Whether a field is there and true. */
  public boolean is(String name) {
    return Boolean.TRUE.equals(fields.get(name));
  }
}

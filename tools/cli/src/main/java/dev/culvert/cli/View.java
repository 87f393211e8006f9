package dev.culvert.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/** A result that can be shown to people and to programs. */
public interface View {

  /** The text for people: lines without a final line break. */
  String text(Style style);

  /**
   * Writes one object, the same for JSON and YAML.
   *
   * @throws IOException if the generator's target fails
   */
  void write(JsonGenerator out) throws IOException;
}

package dev.culvert.cli.introduce;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.culvert.cli.Style;
import dev.culvert.cli.View;
import dev.culvert.rendezvous.code.Code;
import java.io.IOException;
import java.time.Duration;

/**
 * A code to be told to somebody.
 *
 * @param code it
 * @param validity for how long
 */
record CodeView(Code code, Duration validity) implements View {
  @Override
  public String text(Style style) {
    return "code    " + code.text();
  }

  @Override
  public void write(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("schema", "culvert.code/1");
    out.writeStringField("code", code.text());
    out.writeNumberField("seconds", validity.toSeconds());
    out.writeEndObject();
  }
}

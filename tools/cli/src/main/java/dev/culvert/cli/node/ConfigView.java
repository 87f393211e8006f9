package dev.culvert.cli.node;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.culvert.cli.Mark;
import dev.culvert.cli.Style;
import dev.culvert.cli.View;
import dev.culvert.cli.settings.EffectiveOption;
import java.io.IOException;
import java.util.List;

/** What {@code culvert node check-config} tells of a configuration that is understood. */
final class ConfigView implements View {
  private static final int VALUE_WIDTH = 24;

  private final List<EffectiveOption> options;
  private final List<String> warnings;

  ConfigView(List<EffectiveOption> options, List<String> warnings) {
    this.options = options;
    this.warnings = warnings;
  }

  @Override
  public String text(Style style) {
    int widest = options.stream().mapToInt(option -> option.key().length()).max().orElse(0);
    StringBuilder text = new StringBuilder(style.paint(Mark.GOOD, "ok"));
    for (EffectiveOption option : options) {
      String value = style.redacted(option.line());
      text.append(System.lineSeparator())
          .append("  ")
          .append(padded(option.key(), widest))
          .append("  ")
          .append(padded(value, VALUE_WIDTH))
          .append("  ")
          .append(style.faint(option.origin().where()));
    }
    return text.toString();
  }

  @Override
  public void write(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("schema", "culvert.node.config/1");
    out.writeBooleanField("ok", true);
    out.writeArrayFieldStart("warnings");
    for (String warning : warnings) {
      out.writeString(warning);
    }
    out.writeEndArray();
    out.writeObjectFieldStart("options");
    for (EffectiveOption option : options) {
      out.writeObjectFieldStart(option.key());
      write(option, out);
      out.writeStringField("from", option.origin().kind().toString());
      out.writeStringField("where", option.origin().where());
      out.writeEndObject();
    }
    out.writeEndObject();
    out.writeEndObject();
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }

  private static void write(EffectiveOption option, JsonGenerator out) throws IOException {
    out.writeFieldName("value");
    if (option.isList()) {
      out.writeStartArray();
      for (String value : option.values()) {
        out.writeString(value);
      }
      out.writeEndArray();
    } else if (option.values().isEmpty()) {
      out.writeNull();
    } else {
      out.writeString(option.values().get(0));
    }
  }
}

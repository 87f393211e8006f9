package dev.culvert.cli.lab.matrix;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.culvert.cli.Style;
import dev.culvert.cli.View;
import dev.culvert.lab.matrix.MatrixCell;
import dev.culvert.lab.matrix.MatrixCell.Status;
import dev.culvert.lab.matrix.MatrixResult;
import dev.culvert.lab.matrix.Theory;
import dev.culvert.lab.spec.Profile;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A matrix that was run, as the command shows it; its JSON is {@code culvert.matrix/1}, which grows
 * only by addition.
 *
 * @param result what came out
 */
record MatrixView(MatrixResult result) implements View {

  @Override
  public String text(Style style) {
    return new MatrixText(style).render(result);
  }

  @Override
  public void write(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("schema", "culvert.matrix/1");
    out.writeStringField("verb", result.verb());
    out.writeStringField("world", result.world().code());
    out.writeNumberField("seed", result.seed());
    out.writeStringField("shape", result.shape().name().toLowerCase(Locale.ROOT));
    out.writeArrayFieldStart("profiles");
    for (Profile profile : result.profiles()) {
      out.writeStartObject();
      out.writeStringField("name", profile.name());
      out.writeStringField("summary", profile.summary());
      out.writeStringField("behaviour", profile.words());
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeObjectFieldStart("outcomes");
    for (Map.Entry<String, Long> outcome : result.outcomes().entrySet()) {
      out.writeNumberField(outcome.getKey(), outcome.getValue());
    }
    out.writeEndObject();
    out.writeObjectFieldStart("statuses");
    for (Status status : Status.values()) {
      out.writeNumberField(code(status), result.count(status));
    }
    out.writeEndObject();
    out.writeArrayFieldStart("cells");
    for (MatrixCell cell : result.cells()) {
      write(out, cell);
    }
    out.writeEndArray();
    out.writeNumberField("elapsedMillis", result.elapsed().toMillis());
    out.writeEndObject();
  }

  private static void write(JsonGenerator out, MatrixCell cell) throws IOException {
    out.writeStartObject();
    out.writeStringField("a", cell.profiles().get(0).name());
    text(out, "b", cell.profiles().stream().skip(1).map(Profile::name).findFirst());
    out.writeStringField("outcome", cell.outcome());
    text(out, "expected", cell.expected().map(Theory.Expected::outcome));
    text(out, "why", cell.expected().map(Theory.Expected::why));
    out.writeStringField("status", code(cell.status()));
    out.writeNumberField("elapsedMillis", cell.time().toMillis());
    out.writeObjectFieldStart("fields");
    for (Map.Entry<String, String> field : new TreeMap<>(cell.fields()).entrySet()) {
      out.writeStringField(field.getKey(), field.getValue());
    }
    out.writeEndObject();
    out.writeStringField("detail", cell.detail());
    out.writeArrayFieldStart("trace");
    for (String line : cell.trace()) {
      out.writeString(line);
    }
    out.writeEndArray();
    out.writeStringField("rerun", cell.rerun());
    out.writeEndObject();
  }

  private static void text(JsonGenerator out, String name, Optional<String> value)
      throws IOException {
    out.writeFieldName(name);
    if (value.isPresent()) {
      out.writeString(value.get());
    } else {
      out.writeNull();
    }
  }

  private static String code(Status status) {
    return status.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}

package dev.culvert.cli.check;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.culvert.detect.Finding;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Writes findings as fields of one object, and the reasons of those that are unknown. */
final class FindingFields {
  private final JsonGenerator out;
  private final Map<String, String> reasons = new LinkedHashMap<>();

  FindingFields(JsonGenerator out) {
    this.out = out;
  }

  void text(String name, Finding<?> finding) throws IOException {
    text(name, name, finding);
  }

  /** Writes a field whose reason goes under another name. */
  void text(String name, String reasonName, Finding<?> finding) throws IOException {
    out.writeFieldName(name);
    if (!unanswered(reasonName, finding)) {
      out.writeString(finding.value().orElseThrow().toString());
    }
  }

  void flag(String name, Finding<Boolean> finding) throws IOException {
    out.writeFieldName(name);
    if (!unanswered(name, finding)) {
      out.writeBoolean(finding.value().orElseThrow());
    }
  }

  void number(String name, Finding<? extends Number> finding) throws IOException {
    out.writeFieldName(name);
    if (!unanswered(name, finding)) {
      out.writeNumber(new BigDecimal(finding.value().orElseThrow().toString()));
    }
  }

  void optional(String name, Optional<?> value) throws IOException {
    out.writeFieldName(name);
    if (value.isPresent()) {
      out.writeString(value.get().toString());
    } else {
      out.writeNull();
    }
  }

  /** Writes a field that is left out where there is nothing to say. */
  void name(String name, String value) throws IOException {
    if (!value.isEmpty()) {
      out.writeStringField(name, value);
    }
  }

  /** Writes why the fields so far are unknown. */
  void reasons() throws IOException {
    out.writeObjectFieldStart("reasons");
    for (Map.Entry<String, String> reason : reasons.entrySet()) {
      out.writeStringField(reason.getKey(), reason.getValue());
    }
    out.writeEndObject();
  }

  private boolean unanswered(String name, Finding<?> finding) throws IOException {
    Optional<String> reason = finding.reason();
    if (reason.isPresent()) {
      reasons.put(name, reason.get());
      out.writeString("unknown");
      return true;
    } else if (finding.value().isEmpty()) {
      out.writeNull();
      return true;
    }
    return false;
  }
}

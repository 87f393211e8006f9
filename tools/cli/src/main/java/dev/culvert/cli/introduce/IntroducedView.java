package dev.culvert.cli.introduce;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.culvert.cli.Style;
import dev.culvert.cli.View;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.code.Introduced;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Who the other one is.
 *
 * @param whom it
 */
record IntroducedView(Introduced whom) implements View {
  @Override
  public String text(Style style) {
    List<String> lines = new ArrayList<>();
    lines.add("peer    " + whom.peer());
    whom.card().name().ifPresent(name -> lines.add("name    " + name));
    whom.card().nodes().forEach(node -> lines.add("node    " + node));
    return String.join(System.lineSeparator(), lines);
  }

  @Override
  public void write(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("schema", "culvert.introduced/1");
    out.writeStringField("peer", whom.peer().toString());
    out.writeStringField("name", whom.card().name().orElse(null));
    out.writeArrayFieldStart("nodes");
    for (KnownNode node : whom.card().nodes()) {
      out.writeString(node.toString());
    }
    out.writeEndArray();
    out.writeStringField("secret", whom.secret().hex());
    out.writeEndObject();
  }
}

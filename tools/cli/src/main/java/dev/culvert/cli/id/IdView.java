package dev.culvert.cli.id;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.culvert.cli.Style;
import dev.culvert.cli.View;
import dev.culvert.identity.PeerId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An id in all its forms.
 *
 * @param id whose
 * @param file where its key is, if that is known
 */
record IdView(PeerId id, Optional<Path> file) implements View {

  @Override
  public String text(Style style) {
    List<String> lines = new ArrayList<>();
    lines.add("id       " + id);
    lines.add("did:key  " + id.toDidKey());
    lines.add("libp2p   " + id.toLibp2p());
    file.ifPresent(its -> lines.add("key      " + its));
    return String.join(System.lineSeparator(), lines);
  }

  @Override
  public void write(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("schema", "culvert.id/1");
    out.writeStringField("id", id.toString());
    out.writeStringField("didKey", id.toDidKey());
    out.writeStringField("libp2p", id.toLibp2p());
    out.writeStringField("hex", id.key().hex());
    if (file.isPresent()) {
      out.writeStringField("key", file.get().toString());
    }
    out.writeEndObject();
  }
}

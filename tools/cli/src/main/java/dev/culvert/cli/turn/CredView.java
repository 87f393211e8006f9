package dev.culvert.cli.turn;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.culvert.cli.Style;
import dev.culvert.cli.View;
import dev.culvert.stun.StunUri;
import dev.culvert.turn.auth.TimeLimitedCredential;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A credential for those who asked for it.
 *
 * @param credential name and password
 * @param ttl how long it holds from now on
 * @param uris where it may be used, as far as that was said
 */
record CredView(TimeLimitedCredential credential, Duration ttl, List<StunUri> uris)
    implements View {

  CredView {
    uris = List.copyOf(uris);
  }

  @Override
  public String text(Style style) {
    List<String> lines = new ArrayList<>();
    lines.add("username  " + credential.username());
    lines.add("password  " + credential.password());
    lines.add("expires   " + credential.expiry());
    uris.forEach(uri -> lines.add("uri       " + style.redacted(uri.toString())));
    return String.join(System.lineSeparator(), lines);
  }

  /** The names are those of draft-uberti-behave-turn-rest. */
  @Override
  public void write(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("username", credential.username());
    out.writeStringField("password", credential.password());
    out.writeNumberField("ttl", ttl.toSeconds());
    out.writeArrayFieldStart("uris");
    for (StunUri uri : uris) {
      out.writeString(uri.toString());
    }
    out.writeEndArray();
    out.writeEndObject();
  }
}

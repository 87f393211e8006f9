package dev.culvert.cli.invite;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.culvert.cli.Style;
import dev.culvert.cli.View;
import dev.culvert.identity.PeerId;
import dev.culvert.rendezvous.Invite;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.NodeUrl;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What is in an invite.
 *
 * @param invite it
 */
record InviteView(Invite invite) implements View {
  @Override
  public String text(Style style) {
    List<String> lines = new ArrayList<>();
    lines.add(invite.text());
    lines.add("peer    " + invite.peer());
    for (KnownNode node : invite.nodes()) {
      lines.add(
          "node    "
              + node.urls().get(0)
              + node.id().map(id -> ", known as " + id).orElse(", known by its certificate"));
    }
    return String.join(System.lineSeparator(), lines);
  }

  @Override
  public void write(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("schema", "culvert.invite/1");
    out.writeStringField("invite", invite.text());
    out.writeStringField("peer", invite.peer().toString());
    out.writeArrayFieldStart("nodes");
    for (KnownNode node : invite.nodes()) {
      out.writeStartObject();
      out.writeStringField("id", node.id().map(PeerId::toString).orElse(null));
      out.writeArrayFieldStart("urls");
      for (NodeUrl url : node.urls()) {
        out.writeString(url.toString());
      }
      out.writeEndArray();
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeStringField("secret", invite.secret().hex());
    out.writeEndObject();
  }
}

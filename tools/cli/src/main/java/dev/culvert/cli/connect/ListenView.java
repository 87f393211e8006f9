package dev.culvert.cli.connect;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.culvert.cli.Style;
import dev.culvert.cli.View;
import dev.culvert.cli.connect.stream.Target;
import dev.culvert.identity.PeerId;
import dev.culvert.rendezvous.Invite;
import dev.culvert.rendezvous.KnownNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * That a peer listens; its JSON is {@code culvert.listen/1}, which grows only by addition.
 *
 * @param id who it is
 * @param invite what somebody needs to come
 * @param nodes which it knows
 * @param pipe whether the first caller gets a pipe
 * @param forwards what may be reached through it
 * @param folder where files go
 */
record ListenView(
    PeerId id,
    Optional<Invite> invite,
    List<KnownNode> nodes,
    boolean pipe,
    Set<Target> forwards,
    Optional<Path> folder)
    implements View {

  @Override
  public String text(Style style) {
    List<String> lines = new ArrayList<>();
    lines.add("id      " + id);
    invite.ifPresent(its -> lines.add("invite  " + its.text()));
    return String.join(System.lineSeparator(), lines);
  }

  @Override
  public void write(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("schema", "culvert.listen/1");
    out.writeStringField("id", id.toString());
    PathText.text(out, "invite", invite.map(Invite::text));
    out.writeArrayFieldStart("nodes");
    for (KnownNode node : nodes) {
      out.writeString(node.toString());
    }
    out.writeEndArray();
    out.writeBooleanField("pipe", pipe);
    out.writeArrayFieldStart("forwards");
    for (Target target : forwards) {
      out.writeString(target.toString());
    }
    out.writeEndArray();
    PathText.text(out, "receives", folder.map(Path::toString));
    out.writeEndObject();
  }
}

package dev.culvert.cli.node.manage;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.turn.server.AllocationInfo;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;

/** Allocations as the management address tells them. */
final class AllocationsJson {
  private static final JsonFactory JSON = new JsonFactory();

  private AllocationsJson() {}

  /** Writes one object. */
  interface Writing {
    void to(JsonGenerator out) throws IOException;
  }

  /** The text of what is written. */
  static String of(Writing writing) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = JSON.createGenerator(text)) {
      writing.to(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text + "\n";
  }

  /**
   * A page of them.
   *
   * @param more whether there may be further ones, after the last of these
   */
  static String page(List<AllocationInfo> page, boolean more) {
    return of(
        out -> {
          out.writeStartObject();
          out.writeStringField("schema", "culvert.node.allocations/1");
          out.writeArrayFieldStart("allocations");
          for (AllocationInfo each : page) {
            write(each, out);
          }
          out.writeEndArray();
          if (more && !page.isEmpty()) {
            out.writeNumberField("next", page.get(page.size() - 1).id());
          } else {
            out.writeNullField("next");
          }
          out.writeEndObject();
        });
  }

  private static void write(AllocationInfo info, JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeNumberField("id", info.id());
    out.writeStringField("user", info.username());
    out.writeStringField("transport", Metrics.name(info.client().transport()));
    out.writeStringField("client", info.client().client().toString());
    out.writeStringField("server", info.client().server().toString());
    out.writeStringField("protocol", info.tcp() ? "tcp" : "udp");
    out.writeArrayFieldStart("relayed");
    for (TransportAddress address : info.relayed()) {
      out.writeString(address.toString());
    }
    out.writeEndArray();
    out.writeNumberField("ageSeconds", info.age().toSeconds());
    out.writeNumberField("expiresInSeconds", info.expiresIn().toSeconds());
    out.writeNumberField("permissions", info.permissions());
    out.writeNumberField("channels", info.channels());
    out.writeNumberField("connections", info.connections());
    write("toPeers", info.toPeers(), out);
    write("toClient", info.toClient(), out);
    out.writeEndObject();
  }

  private static void write(String name, AllocationInfo.Traffic traffic, JsonGenerator out)
      throws IOException {
    out.writeObjectFieldStart(name);
    out.writeNumberField("datagrams", traffic.datagrams());
    out.writeNumberField("bytes", traffic.bytes());
    out.writeEndObject();
  }
}

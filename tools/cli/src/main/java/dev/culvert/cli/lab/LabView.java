package dev.culvert.cli.lab;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.culvert.cli.Style;
import dev.culvert.cli.View;
import dev.culvert.sansio.IpLiterals;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A lab that is up.
 *
 * @param name what it is called
 * @param addresses those of each host and router
 */
record LabView(String name, Map<String, List<InetAddress>> addresses) implements View {

  @Override
  public String text(Style style) {
    List<String> lines = new ArrayList<>();
    lines.add("lab '" + name + "' is up");
    int width = addresses.keySet().stream().mapToInt(String::length).max().orElse(0);
    addresses.forEach(
        (host, ips) ->
            lines.add(
                "  "
                    + host
                    + " ".repeat(width - host.length())
                    + "  "
                    + ips.stream()
                        .map(ip -> IpLiterals.format(ip, false))
                        .collect(Collectors.joining(" "))));
    return String.join(System.lineSeparator(), lines);
  }

  @Override
  public void write(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("schema", "culvert.lab/1");
    out.writeStringField("name", name);
    out.writeObjectFieldStart("hosts");
    for (Map.Entry<String, List<InetAddress>> host : addresses.entrySet()) {
      out.writeArrayFieldStart(host.getKey());
      for (InetAddress ip : host.getValue()) {
        out.writeString(IpLiterals.format(ip, false));
      }
      out.writeEndArray();
    }
    out.writeEndObject();
    out.writeEndObject();
  }
}

package dev.culvert.cli.node;

import static dev.culvert.cli.node.manage.JsonText.inner;
import static dev.culvert.cli.node.manage.JsonText.number;
import static dev.culvert.cli.node.manage.JsonText.texts;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.culvert.cli.Style;
import dev.culvert.cli.View;
import dev.culvert.cli.node.manage.JsonText;
import dev.culvert.cli.node.manage.Words;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Allocations as a node lists them. */
record AllocationsView(List<Map<String, Object>> allocations) implements View {
  AllocationsView {
    allocations = List.copyOf(allocations);
  }

  @Override
  public String text(Style style) {
    if (allocations.isEmpty()) {
      return "no allocations";
    }
    Columns table = new Columns(style);
    table.row(
        "ID", "USER", "CLIENT", "RELAYED", "AGE", "LEFT", "PERM", "CHAN", "TO PEERS", "TO CLIENT");
    for (Map<String, Object> each : allocations) {
      table.row(
          Long.toString(number(each, "id")),
          printable(JsonText.text(each, "user")),
          JsonText.text(each, "transport") + " " + JsonText.text(each, "client"),
          relayed(each),
          time(number(each, "ageSeconds")),
          time(number(each, "expiresInSeconds")),
          Long.toString(number(each, "permissions")),
          Long.toString(number(each, "channels")),
          traffic(inner(each, "toPeers")),
          traffic(inner(each, "toClient")));
    }
    return table.toString();
  }

  private static String relayed(Map<String, Object> allocation) {
    String addresses = String.join(" ", texts(allocation, "relayed"));
    return JsonText.text(allocation, "protocol").equals("tcp") ? "tcp " + addresses : addresses;
  }

  private static String traffic(Map<String, Object> traffic) {
    return Words.bytes(number(traffic, "bytes")) + " / " + number(traffic, "datagrams");
  }

  private static String time(long seconds) {
    return Words.time(Duration.ofSeconds(seconds));
  }

  /** Names are of clients' choosing: none shall move a terminal's cursor. */
  private static String printable(String name) {
    return name.codePoints()
        .map(
            each ->
                Character.isISOControl(each) || Character.getType(each) == Character.FORMAT
                    ? '?'
                    : each)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  @Override
  public void write(JsonGenerator out) throws IOException {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("schema", "culvert.node.allocations/1");
    all.put("allocations", new ArrayList<Object>(allocations));
    JsonText.write(all, out);
  }
}

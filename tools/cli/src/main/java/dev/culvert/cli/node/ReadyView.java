package dev.culvert.cli.node;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.culvert.cli.Style;
import dev.culvert.cli.View;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.transport.server.StunServer;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The line that tells scripts where a node answers: {@code ready stun udp=A:P,… tcp=A:P,… tls=A:P,…
 * pin=sha256//…}. What there is none of is left out; fields may be added after the last one.
 */
final class ReadyView implements View {
  private static final List<Transport> TRANSPORTS =
      List.of(Transport.UDP, Transport.TCP, Transport.TLS);

  private final StunServer server;
  private final Optional<String> pin;

  ReadyView(StunServer server, Optional<String> pin) {
    this.server = server;
    this.pin = pin;
  }

  @Override
  public String text(Style style) {
    StringBuilder line = new StringBuilder("ready stun");
    for (Transport transport : TRANSPORTS) {
      List<TransportAddress> addresses = server.addresses(transport);
      if (!addresses.isEmpty()) {
        line.append(' ').append(name(transport)).append('=');
        line.append(
            addresses.stream().map(TransportAddress::toString).collect(Collectors.joining(",")));
      }
    }
    pin.ifPresent(value -> line.append(" pin=").append(value));
    return style.redacted(line.toString());
  }

  @Override
  public void write(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("schema", "culvert.node/1");
    out.writeStringField("event", "ready");
    for (Transport transport : TRANSPORTS) {
      out.writeArrayFieldStart(name(transport));
      for (TransportAddress address : server.addresses(transport)) {
        out.writeString(address.toString());
      }
      out.writeEndArray();
    }
    if (pin.isPresent()) {
      out.writeStringField("pin", pin.get());
    } else {
      out.writeNullField("pin");
    }
    out.writeEndObject();
  }

  private static String name(Transport transport) {
    return transport.name().toLowerCase(Locale.ROOT);
  }
}

package dev.culvert.cli.node;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.culvert.cli.Style;
import dev.culvert.cli.View;
import dev.culvert.cli.node.rendezvous.Rendezvous;
import dev.culvert.rendezvous.NodeUrl;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.transport.server.StunServer;
import dev.culvert.turn.server.PortRange;
import dev.culvert.turn.server.RelayAddress;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The line that tells scripts where a node answers: {@code ready stun udp=A:P,… tcp=A:P,… tls=A:P,…
 * dtls=A:P,… pin=sha256//… turn relay=A,… ports=FIRST-LAST realm=REALM management=A:P rendezvous
 * id=ID url=URL,… behind-proxy=A:P}. What there is none of is left out; fields may be added after
 * the last one. A relay's address is {@code PUBLIC/LOCAL} where a NAT stands before it.
 */
final class ReadyView implements View {
  private static final List<Transport> TRANSPORTS =
      List.of(Transport.UDP, Transport.TCP, Transport.TLS, Transport.DTLS);

  private final StunServer server;
  private final Optional<String> pin;
  private final Optional<Relay> relay;
  private final Optional<TransportAddress> management;
  private final Optional<Rendezvous> rendezvous;

  ReadyView(
      StunServer server,
      Optional<String> pin,
      Optional<Relay> relay,
      Optional<TransportAddress> management,
      Optional<Rendezvous> rendezvous) {
    this.server = server;
    this.pin = pin;
    this.relay = relay;
    this.management = management;
    this.rendezvous = rendezvous;
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
    relay.ifPresent(
        turn ->
            line.append(" turn relay=")
                .append(
                    turn.addresses().stream()
                        .map(ReadyView::shown)
                        .collect(Collectors.joining(",")))
                .append(" ports=")
                .append(shown(turn.ports()))
                .append(" realm=")
                .append(turn.realm()));
    management.ifPresent(address -> line.append(" management=").append(address));
    rendezvous.ifPresent(its -> line.append(" rendezvous").append(shown(its)));
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
    if (relay.isPresent()) {
      write(relay.get(), out);
    } else {
      out.writeNullField("turn");
    }
    if (management.isPresent()) {
      out.writeStringField("management", management.get().toString());
    } else {
      out.writeNullField("management");
    }
    if (rendezvous.isPresent()) {
      write(rendezvous.get(), out);
    } else {
      out.writeNullField("rendezvous");
    }
    out.writeEndObject();
  }

  private static String shown(Rendezvous rendezvous) {
    String urls =
        rendezvous.urls().stream().map(NodeUrl::toString).collect(Collectors.joining(","));
    return " id="
        + rendezvous.id()
        + (urls.isEmpty() ? "" : " url=" + urls)
        + rendezvous.behindProxy().map(at -> " behind-proxy=" + at).orElse("");
  }

  private static void write(Rendezvous rendezvous, JsonGenerator out) throws IOException {
    out.writeObjectFieldStart("rendezvous");
    out.writeStringField("id", rendezvous.id().toString());
    out.writeArrayFieldStart("urls");
    for (NodeUrl url : rendezvous.urls()) {
      out.writeString(url.toString());
    }
    out.writeEndArray();
    if (rendezvous.behindProxy().isPresent()) {
      out.writeStringField("behindProxy", rendezvous.behindProxy().get().toString());
    } else {
      out.writeNullField("behindProxy");
    }
    out.writeEndObject();
  }

  private static void write(Relay relay, JsonGenerator out) throws IOException {
    out.writeObjectFieldStart("turn");
    out.writeArrayFieldStart("relay");
    for (RelayAddress address : relay.addresses()) {
      out.writeStartObject();
      out.writeStringField("announced", IpLiterals.format(address.announced(), false));
      out.writeStringField("local", IpLiterals.format(address.local(), false));
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeStringField("ports", shown(relay.ports()));
    out.writeStringField("realm", relay.realm());
    out.writeEndObject();
  }

  private static String shown(RelayAddress address) {
    String announced = IpLiterals.format(address.announced(), false);
    return address.announced().equals(address.local())
        ? announced
        : announced + "/" + IpLiterals.format(address.local(), false);
  }

  private static String shown(PortRange ports) {
    return ports.first() + "-" + ports.last();
  }

  private static String name(Transport transport) {
    return transport.name().toLowerCase(Locale.ROOT);
  }
}

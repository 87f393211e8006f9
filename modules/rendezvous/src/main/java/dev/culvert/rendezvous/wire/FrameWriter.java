package dev.culvert.rendezvous.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.culvert.identity.PeerId;
import dev.culvert.identity.Signed;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Writes messages, see {@link FrameText}. */
final class FrameWriter {
  private final JsonGenerator out;

  private FrameWriter(JsonGenerator out) {
    this.out = out;
  }

  static Bytes write(Frame frame) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator out = Fields.JSON.createGenerator(bytes)) {
      out.writeStartObject();
      new FrameWriter(out).members(frame);
      out.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Bytes.wrap(bytes.toByteArray());
  }

  static String word(Frame.Reason reason) {
    return reason.name().toLowerCase(Locale.ROOT);
  }

  private void members(Frame frame) throws IOException {
    if (frame instanceof Frame.Request request) {
      members(request);
      out.writeNumberField("id", request.id());
    } else if (frame instanceof Frame.Reply reply) {
      members(reply);
      out.writeNumberField("re", reply.re());
    } else if (frame instanceof Frame.Hello hello) {
      kind("hello");
      peer("node", hello.node());
      bytes("nonce", hello.nonce());
      out.writeNumberField("time", hello.time().getEpochSecond());
      texts("stun", hello.stun());
    } else if (frame instanceof Frame.Auth auth) {
      kind("auth");
      peer("peer", auth.peer());
      bytes("nonce", auth.nonce());
      out.writeStringField("url", auth.url());
      bytes("sig", auth.signature());
      if (auth.resume().isPresent()) {
        bytes("resume", auth.resume().get());
      }
    } else if (frame instanceof Frame.Welcome welcome) {
      welcome(welcome);
    } else if (frame instanceof Frame.Said said) {
      kind("said");
      peer("from", said.from());
      bytes("sealed", said.sealed());
    } else if (frame instanceof Frame.PlateSaid said) {
      kind("plate-said");
      plate(said.number(), said.visit());
      bytes("data", said.data());
    } else if (frame instanceof Frame.PlateLeft left) {
      kind("plate-left");
      plate(left.number(), left.visit());
    } else if (frame instanceof Frame.Redirect redirect) {
      kind("redirect");
      texts("urls", redirect.urls());
      out.writeNumberField("within", redirect.within().toSeconds());
      out.writeStringField("reason", redirect.reason());
    } else if (frame instanceof Frame.Refusal refusal) {
      kind("error");
      if (refusal.re().isPresent()) {
        out.writeNumberField("re", refusal.re().get());
      }
      out.writeNumberField("code", refusal.code().number());
      out.writeStringField("reason", refusal.reason());
      if (refusal.retryAfter().isPresent()) {
        out.writeNumberField("retry", refusal.retryAfter().get().toSeconds());
      }
    }
  }

  private void members(Frame.Request request) throws IOException {
    if (request instanceof Frame.Register register) {
      kind("register");
      signed("record", register.record());
      out.writeArrayFieldStart("namespaces");
      for (Bytes namespace : register.namespaces()) {
        out.writeString(encoded(namespace));
      }
      out.writeEndArray();
    } else if (request instanceof Frame.Unregister) {
      kind("unregister");
    } else if (request instanceof Frame.Lookup lookup) {
      kind("lookup");
      peer("peer", lookup.peer());
    } else if (request instanceof Frame.Discover discover) {
      kind("discover");
      bytes("namespace", discover.namespace());
      text("cookie", discover.cookie());
      out.writeNumberField("limit", discover.limit());
    } else if (request instanceof Frame.Signal signal) {
      kind("signal");
      peer("to", signal.to());
      bytes("sealed", signal.sealed());
    } else if (request instanceof Frame.Block block) {
      kind("block");
      texts("peers", block.peers().stream().map(PeerId::toString).toList());
    } else if (request instanceof Frame.Ping) {
      kind("ping");
    } else if (request instanceof Frame.AskNodes) {
      kind("ask-nodes");
    } else if (request instanceof Frame.AskRelays) {
      kind("ask-relays");
    } else if (request instanceof Frame.Announce announce) {
      kind("announce");
      signed("record", announce.record());
    } else if (request instanceof Frame.PlateRequest plate) {
      members(plate);
    }
  }

  private void members(Frame.PlateRequest request) throws IOException {
    if (request instanceof Frame.OpenPlate open) {
      kind("open-plate");
      out.writeNumberField("number", open.number());
    } else if (request instanceof Frame.Knock knock) {
      kind("knock");
      out.writeNumberField("number", knock.number());
      bytes("data", knock.data());
    } else if (request instanceof Frame.PlateSay say) {
      kind("plate-say");
      plate(say.number(), say.visit());
      bytes("data", say.data());
    } else if (request instanceof Frame.LeavePlate leave) {
      kind("leave-plate");
      plate(leave.number(), leave.visit());
    }
  }

  private void plate(int number, int visit) throws IOException {
    out.writeNumberField("number", number);
    out.writeNumberField("visit", visit);
  }

  private void members(Frame.Reply reply) throws IOException {
    if (reply instanceof Frame.Registered registered) {
      kind("registered");
      out.writeNumberField("validity", registered.validity().toSeconds());
    } else if (reply instanceof Frame.Done) {
      kind("done");
    } else if (reply instanceof Frame.Found found) {
      kind("found");
      signed("record", found.record());
      out.writeBooleanField("online", found.online());
    } else if (reply instanceof Frame.Members members) {
      kind("members");
      records(members.records());
      text("cookie", members.cookie());
    } else if (reply instanceof Frame.Delivered) {
      kind("delivered");
    } else if (reply instanceof Frame.Undeliverable undeliverable) {
      kind("undeliverable");
      out.writeStringField("reason", word(undeliverable.reason()));
    } else if (reply instanceof Frame.Pong) {
      kind("pong");
    } else if (reply instanceof Frame.Plate plate) {
      kind("plate");
      out.writeNumberField("validity", plate.validity().toSeconds());
    } else if (reply instanceof Frame.Knocked knocked) {
      kind("knocked");
      out.writeNumberField("visit", knocked.visit());
    } else if (reply instanceof Frame.Nodes nodes) {
      kind("nodes");
      records(nodes.records());
    } else if (reply instanceof Frame.Relays relays) {
      kind("relays");
      offers(relays.relays());
    }
  }

  private void welcome(Frame.Welcome welcome) throws IOException {
    kind("welcome");
    bytes("sig", welcome.signature());
    out.writeObjectFieldStart("observed");
    out.writeStringField("ip", IpLiterals.format(welcome.observed().ip(), false));
    out.writeNumberField("port", welcome.observed().port());
    out.writeEndObject();
    out.writeNumberField("quiet", welcome.quiet().toSeconds());
    out.writeObjectFieldStart("limits");
    out.writeNumberField("requests", welcome.allowance().requests());
    out.writeNumberField("signals", welcome.allowance().signals());
    out.writeNumberField("namespaces", welcome.allowance().namespaces());
    out.writeEndObject();
    bytes("resume", welcome.resume());
    offers(welcome.relays());
  }

  private void offers(List<Frame.RelayOffer> relays) throws IOException {
    out.writeArrayFieldStart("relays");
    for (Frame.RelayOffer relay : relays) {
      out.writeStartObject();
      out.writeStringField("uri", relay.uri());
      out.writeStringField("user", relay.user());
      out.writeStringField("password", relay.password());
      out.writeNumberField("expiry", relay.expiry().getEpochSecond());
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private void kind(String kind) throws IOException {
    out.writeStringField("t", kind);
  }

  private void text(String name, Optional<String> text) throws IOException {
    if (text.isPresent()) {
      out.writeStringField(name, text.get());
    }
  }

  private void texts(String name, List<String> texts) throws IOException {
    out.writeArrayFieldStart(name);
    for (String text : texts) {
      out.writeString(text);
    }
    out.writeEndArray();
  }

  private void peer(String name, PeerId peer) throws IOException {
    out.writeStringField(name, peer.toString());
  }

  private void bytes(String name, Bytes bytes) throws IOException {
    out.writeStringField(name, encoded(bytes));
  }

  private static String encoded(Bytes bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
  }

  private void records(List<Signed> records) throws IOException {
    out.writeArrayFieldStart("records");
    for (Signed record : records) {
      signed(record);
    }
    out.writeEndArray();
  }

  private void signed(String name, Signed signed) throws IOException {
    out.writeFieldName(name);
    signed(signed);
  }

  private void signed(Signed signed) throws IOException {
    out.writeStartObject();
    peer("by", signed.signer());
    bytes("payload", signed.payload());
    bytes("sig", signed.signature());
    out.writeEndObject();
  }
}
